import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const nodeModules = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

const stubId = '\0mermaid-left-out';
const inMermaid = /[\\/]node_modules[\\/]mermaid[\\/]dist[\\/]/;

// Mermaid measures a label while its escapes are still in the text ("ﬂ°°58¶ß" for ":"), so it would make room for
// seven characters where one is drawn. The measured line is decoded first; it is only set as text, never as HTML.
// "<" is measured as ">", which is as wide: "<br>" would become a line break.
const measureBefore = 'textObj.text = line || ZERO_WIDTH_SPACE;';
const measureAfter =
  'textObj.text = line.replace(/ﬂ°°(\\d+)¶ß/g, (_, code) => String.fromCodePoint(code === "60" ? 62 : Number(code))) || ZERO_WIDTH_SPACE;';

// Mermaid carries some thirty diagram types; we draw one. Every module that Mermaid would load on demand is
// replaced by one that throws, but for the sequence diagram, and what only those others need is shaken off.
function mermaidSequenceOnly(): Plugin {
  let isMeasurePatched = false;
  return {
    name: 'mermaid-sequence-only',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'diagramFrame',
    async resolveId(source, importer, options) {
      if (importer === undefined || !inMermaid.test(importer)) return null;
      const isOnDemand = (options as { readonly kind?: string }).kind === 'dynamic-import';
      if (isOnDemand && !source.includes('/sequenceDiagram-')) return stubId;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      return resolved === null ? null : { ...resolved, moduleSideEffects: false };
    },
    load(id) {
      if (id !== stubId) return null;
      return "throw new Error('This part of Mermaid is not in the build: only sequence diagrams are drawn.');";
    },
    transform(code, id) {
      if (!inMermaid.test(id) || !code.includes(measureBefore)) return null;
      isMeasurePatched = true;
      return { code: code.replace(measureBefore, measureAfter), map: null };
    },
    buildEnd(error) {
      if (error === undefined && !isMeasurePatched) {
        this.error('Mermaid changed how it measures text; see vite.config.ts');
      }
    },
  };
}

// The frame is a classic script in a document of its own, so its page is copied beside it as it is.
function diagramFrameDocument(): Plugin {
  return {
    name: 'diagram-frame-document',
    applyToEnvironment: (environment) => environment.name === 'diagramFrame',
    generateBundle() {
      const source = readFileSync(here('./renderer/flows/diagramFrame/index.html'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'index.html', source });
    },
  };
}

// One `vite build --app` makes everything that ships: the UI, the sandboxed diagram frame, main and preload.
export default defineConfig({
  root: here('./renderer'),
  base: './',
  plugins: [react(), mermaidSequenceOnly(), diagramFrameDocument()],
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
        modulePreload: false,
        chunkSizeWarningLimit: 700,
        rollupOptions: {
          input: here('./renderer/flows/diagramFrame/diagramFrame.ts'),
          transform: { define: { 'import.meta': '{}' } },
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
