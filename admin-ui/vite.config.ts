import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** What the page may weigh before the first call is seen, compressed. */
const MOST_SCRIPT_BYTES = 170_000;

/** The servlet sends these files as they are, so nothing is compressed while a user waits. */
function compressed(): Plugin {
  let out = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle() {
      let script = 0;
      for (const file of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (!file.isFile() || !/\.(js|css|html|svg|txt)$/.test(file.name)) continue;
        const path = join(file.parentPath, file.name);
        const gz = gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION });
        writeFileSync(`${path}.gz`, gz);
        if (file.name.endsWith('.js')) script += gz.length;
      }
      if (script > MOST_SCRIPT_BYTES) {
        throw new Error(`${script} bytes of compressed script; at most ${MOST_SCRIPT_BYTES}`);
      }
    },
  };
}

/** The licences of what ends up in the page go with it. */
function licences(): Plugin {
  const packages = ['react', 'react-dom', 'scheduler', 'openapi-fetch', '@fontsource/ibm-plex-sans', '@fontsource/ibm-plex-mono'];
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      const source = packages.map((name) => `${name}\n\n${readFileSync(join('node_modules', name, 'LICENSE'), 'utf8')}`).join('\n\n');
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  };
}

export default defineConfig({
  plugins: [react(), licences(), compressed()],
  build: {
    outDir: 'target/classes/web',
    emptyOutDir: true,
    // A data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: {
    include: ['src/main/ts/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    testTimeout: 120_000,
    reporters: ['default', ['junit', { suiteName: 'console' }]],
    outputFile: { junit: 'target/surefire-reports/TEST-console.xml' },
  },
});
