import type { ReactElement } from 'react';
import type { Look } from '../text';
import { Icon } from './Icon';

/** A state by word, sign and colour, so that none of them is needed. */
export function StateTag({ look, small }: { look: Look; small?: boolean }): ReactElement {
  return (
    <span className={`tag ${look.tone}${small ? ' small' : ''}`}>
      <Icon name={look.icon} size={small ? 12 : 14} />
      {look.text}
    </span>
  );
}
