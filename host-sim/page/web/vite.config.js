// Builds the page into build/page, where the server finds it: scripts, one style sheet, the fonts; nothing from elsewhere.

import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  root: here('.'),
  logLevel: 'warn',
  build: {
    outDir: here('../../../build/page'),
    emptyOutDir: true,
    // The content security policy of the server knows no data: addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
};
