// Bundles the application into dist/web. Nothing is inlined: the server's content security policy allows files of its own origin only.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  base: '/',
  publicDir: false,
  cacheDir: join(here, '../../node_modules/.vite'),
  build: {
    outDir: join(here, '../../dist/web'),
    emptyOutDir: true,
    target: 'chrome109',
    cssTarget: 'chrome109',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
});
