import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const nodeModules = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

// One `vite build --app` makes everything that ships: the UI, the sandboxed diagram frame, main and preload.
export default defineConfig({
  root: here('./renderer'),
  base: './',
  plugins: [react()],
  builder: {
    sharedConfigBuild: false,
    async buildApp(builder) {
      for (const name of ['client', 'diagramFrame', 'main', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: here('./dist/renderer'),
        emptyOutDir: true,
        sourcemap: false,
        chunkSizeWarningLimit: 2000,
        rollupOptions: { input: here('./renderer/index.html') },
      },
    },
    diagramFrame: {
      consumer: 'client',
      build: {
        outDir: here('./dist/renderer/diagram'),
        emptyOutDir: true,
        copyPublicDir: false,
        chunkSizeWarningLimit: 6000,
        rollupOptions: {
          input: here('./renderer/flows/diagramFrame/diagramFrame.ts'),
          output: { format: 'iife', entryFileNames: 'diagramFrame.js' },
        },
      },
    },
    main: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        outDir: here('./dist/main'),
        emptyOutDir: true,
        target: 'node20',
        ssr: true,
        minify: false,
        copyPublicDir: false,
        rollupOptions: {
          input: { index: here('./main/index.ts'), cli: here('./main/cli.ts') },
          external: [...nodeModules, 'electron'],
          output: { format: 'es', entryFileNames: '[name].js' },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        outDir: here('./dist/preload'),
        emptyOutDir: true,
        target: 'node20',
        ssr: true,
        minify: false,
        copyPublicDir: false,
        rollupOptions: {
          input: here('./preload/index.ts'),
          external: [...nodeModules, 'electron'],
          output: { format: 'cjs', entryFileNames: 'index.cjs' },
        },
      },
    },
  },
});
