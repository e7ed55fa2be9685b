import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const replaced = (file: string): string =>
  fileURLToPath(new URL(`src/view/form/replaced/${file}`, import.meta.url));

export default defineConfig({
  base: './',
  resolve: {
    alias: [
      { find: /^react$|^react-dom$/, replacement: 'preact/compat' },
      { find: 'react/jsx-runtime', replacement: 'preact/jsx-runtime' },
      // Used by RJSF's tests alone, but in the graph of its main entry.
      { find: '@rjsf/validator-ajv8', replacement: replaced('no-validator.ts') },
      // It makes elements of React by hand, which Preact does not draw.
      { find: 'markdown-to-jsx/react', replacement: replaced('markdown.tsx') },
    ],
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // Licences of what the page holds of others; the command line ships it beside the page.
    license: { fileName: 'licenses.md' },
    // A page on loopback gains nothing by fetching the same files early.
    modulePreload: false,
    rolldownOptions: {
      onLog(level, log, next) {
        // The form library says of its files where a server would draw them, which nobody does here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
      },
    },
  },
  worker: { format: 'es' },
});
