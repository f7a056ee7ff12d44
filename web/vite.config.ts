import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` (the development server) finds a Cairn server; the built UI is served by that server itself. */
const server = process.env.CAIRN_SERVER ?? 'http://127.0.0.1:5000';

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers that know light-dark(), the popover attribute and oklch() (all since early 2024): see tokens.css.
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The content security policy allows no data: scripts or fonts; every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': server } },
});
