import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The panel's page. Everything is a file of its own: the content policy allows no inline script, style or data URL. */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file of styles: views that are loaded later must not change those of others.
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
});
