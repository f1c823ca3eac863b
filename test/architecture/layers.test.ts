// Checks the table of who may import whom, and that no import cycle exists.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Layer {
  readonly folder: string;
  /** Layers below it, and packages ("node" = every node: module). */
  readonly may: readonly string[];
}

// The most specific folder wins. A layer may always import itself.
const layers: readonly Layer[] = [
  { folder: 'main/contract', may: ['zod', 'yaml'] },
  { folder: 'main/engine', may: ['main/contract', 'node'] },
  { folder: 'main/platform', may: ['node'] },
  {
    folder: 'main/certs',
    may: [
      'main/contract',
      'main/platform',
      'node',
      'zod',
      '@peculiar/x509',
      'reflect-metadata',
      'node-forge',
      'acme-client',
    ],
  },
  { folder: 'main/export', may: ['main/contract'] },
  { folder: 'main/import', may: ['main/contract'] },
  { folder: 'main/lab', may: ['main/engine', 'main/certs', 'main/contract', 'node', 'ws'] },
  {
    folder: 'main/services',
    may: [
      'main/contract',
      'main/platform',
      'main/engine',
      'main/certs',
      'main/export',
      'main/import',
      'main/lab',
      // composeApp opens sessions; transport itself knows only the contract.
      'main/transport',
      'node',
    ],
  },
  { folder: 'main/transport', may: ['main/contract', 'node', 'ws'] },
  { folder: 'main/electron', may: ['main/transport', 'main/platform', 'main/contract', 'electron', 'node'] },
  { folder: 'main', may: ['main/*', 'node', 'electron'] },
  { folder: 'preload', may: ['electron', 'main/contract'] },
  { folder: 'renderer/components', may: ['main/contract', '@ui'] },
  { folder: 'renderer/client', may: ['main/contract'] },
  { folder: 'renderer/stores', may: ['main/contract', 'renderer/client', '@ui'] },
  {
    // What the start screen and the canvas both offer.
    folder: 'renderer/presets',
    may: ['main/contract', 'renderer/stores', 'renderer/components', '@ui'],
  },
  {
    // Composing a request: the Flows screen shows it, the canvas sends by it.
    folder: 'renderer/composer',
    may: ['main/contract', 'renderer/client', 'renderer/stores', 'renderer/components', '@ui'],
  },
  ...['editor', 'files', 'flows', 'certificates', 'lab', 'take', 'start'].map((feature) => ({
    folder: `renderer/${feature}`,
    may: [
      'main/contract',
      'renderer/client',
      'renderer/stores',
      'renderer/components',
      ...(feature === 'editor' || feature === 'start' ? ['renderer/presets'] : []),
      ...(feature === 'editor' || feature === 'flows' ? ['renderer/composer'] : []),
      '@ui',
    ],
  })),
  { folder: 'renderer', may: ['main/contract', 'renderer/*', '@ui'] },
];

const uiPackages = [
  'react',
  'react-dom',
  'zustand',
  'mermaid',
  '@xyflow/react',
  '@dagrejs/dagre',
  'lucide-react',
  'uqr',
  'radix-ui',
  '@tanstack/react-virtual',
  '@codemirror',
];

// Inside the engine imports go downward only.
const engineRanks: Readonly<Record<string, number>> = {
  'engine.ts': 6,
  listener: 5,
  http: 4,
  tcp: 3,
  'compile.ts': 2.5,
  'explainWorkspace.ts': 3,
  filter: 2,
  routing: 2,
  upstream: 2,
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
  readonly isTypeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const match of text.matchAll(pattern)) {
    const specifier = match[2] ?? match[3]!;
    const isPackage = !specifier.startsWith('.');
    const to = isPackage ? specifier : resolveFile(file, specifier);
    if (to !== null) found.push({ from: file, to, isPackage, isTypeOnly: match[1] !== undefined });
  }
  return found;
}

function resolveFile(from: string, specifier: string): string | null {
  const base = relative(root, resolve(root, dirname(from), specifier));
  if (/\.(css|svg|json)(\?.*)?$/.test(base) || specifier.includes('?')) return null;
  const candidates = [base, `${base}.ts`, `${base}.tsx`];
  return candidates.find((candidate) => allFiles.has(candidate)) ?? base;
}

function layerOf(file: string): Layer {
  const matching = layers.filter((layer) => file.startsWith(`${layer.folder}/`));
  return matching.sort((a, b) => b.folder.length - a.folder.length)[0]!;
}

function isAllowed(layer: Layer, item: Import): boolean {
  if (item.isPackage) {
    if (item.to.startsWith('node:')) return layer.may.includes('node');
    return layer.may.some(
      (name) =>
        item.to === name ||
        item.to.startsWith(`${name}/`) ||
        (name === '@ui' && uiPackages.some((ui) => item.to === ui || item.to.startsWith(`${ui}/`))),
    );
  }
  if (item.to.startsWith(`${layer.folder}/`)) return true;
  return layer.may.some((name) => item.to.startsWith(`${name.replace(/\*$/, '').replace(/\/$/, '')}/`));
}

const allFiles = new Set(['main', 'preload', 'renderer'].flatMap(sourceFiles));
const allImports = [...allFiles].flatMap(importsOf);

describe('architecture', () => {
  it('finds the sources that it judges', () => {
    expect(allFiles.size).toBeGreaterThan(5);
    expect(allImports.length).toBeGreaterThan(5);
  });

  it('imports only what the layer table allows', () => {
    const wrong = allImports.filter((item) => !isAllowed(layerOf(item.from), item));
    expect(wrong.map((item) => `${item.from} must not import ${item.to}`)).toEqual([]);
  });

  it('imports downward inside the engine', () => {
    const rank = (file: string) => engineRanks[file.split('/')[2]!] ?? 1;
    const wrong = allImports.filter(
      (item) =>
        !item.isTypeOnly &&
        item.from.startsWith('main/engine/') &&
        item.to.startsWith('main/engine/') &&
        rank(item.to) > rank(item.from),
    );
    expect(wrong.map((item) => `${item.from} must not import ${item.to}`)).toEqual([]);
  });

  it('has no import cycle', () => {
    const edges = new Map<string, string[]>();
    for (const item of allImports) {
      if (item.isPackage || item.isTypeOnly) continue;
      edges.set(item.from, [...(edges.get(item.from) ?? []), item.to]);
    }
    const cycles: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of allFiles) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
