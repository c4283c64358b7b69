import { defineConfig, type UserConfig } from 'vite'

/** The page is built to be served below any path: its assets are found from `<base href>` in index.html. */
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: './',
  // Also when a test builds it: Vite would take NODE_ENV from its process.
  define: { 'process.env.NODE_ENV': '"production"' },
  oxc: { jsx: { runtime: 'automatic', development: false } },
  build: {
    outDir: '../../dist/ui',
    emptyOutDir: true,
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // A strict Content-Security-Policy has no room for data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Libraries mark parts for servers that render; here all is for the browser.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
})

export default config
