import { configure } from '@testing-library/react';

// A bound, not a measure: on a busy machine a page takes its time.
configure({ asyncUtilTimeout: 30_000 });
