import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../../main/contract/config';
import { cursorAt } from '../../../../main/contract/workspaceTextCursor';
import { placeIssues, readYaml } from '../../../../renderer/editor/yaml/readYaml';
import { smallestChange } from '../../../../renderer/editor/yaml/smallestChange';
import { helpText, offersAt } from '../../../../renderer/editor/yaml/yamlHelp';
import { nodeAtPath, pathOfNode } from '../../../../renderer/editor/yaml/yamlNodes';

const head = `schemaVersion: 1
listeners:
  - { id: web, port: 80, protocol: http }
pools:
  - { id: shop, endpoints: [] }
  - { id: tea, endpoints: [] }
routes:
  - id: r
    kind: http
`;

function offered(marked: string): string[] {
  const at = marked.indexOf('|');
  const cursor = cursorAt(marked.slice(0, at) + marked.slice(at + 1), at);
  return cursor === null ? [] : offersAt(cursor, { certificates: ['cert'] }).map(({ label }) => label);
}

describe('what the YAML editor offers', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['sections', '|', ['schemaVersion', 'listeners', 'routes', 'pools', 'capture', 'layout']],
    ['choices', `${head}    requestBuffering: |`, ['full', 'stream']],
    ['ids of listeners', `${head}    listeners: [|]`, ['web']],
    ['ids of pools', `${head}    backends: [{ pool: | }]`, ['shop', 'tea']],
    ['certificates', 'listeners:\n  - tls: { certificates: [|] }', ['cert']],
    ['switches', 'pools:\n  - connections: { reuse: | }', ['true', 'false']],
    ['what a union is told apart by', 'routes:\n  - kind: |', ['http', 'tls', 'tcp']],
  ];
  it.each(cases)('is %s', (_name, marked, expected) => {
    expect(offered(marked)).toEqual(expect.arrayContaining([...expected]));
  });

  it('is only what is not there yet, and fits the kind', () => {
    const fields = offered(`${head}    |`);
    expect(fields).toContain('hostnames');
    expect(fields).not.toContain('kind');
    expect(offered('routes:\n  - kind: tcp\n    |')).not.toContain('hostnames');
    expect(offered(`${head}    filters: [{ type: cache, | }]`)).toContain('maxBytes');
  });

  it('says what a field is for, in the words of the forms', () => {
    const help = helpText({}, ['listeners', 0, 'limits', 'maxHeaderBytes']);
    expect(help).toContain('Largest request head (bytes).');
    expect(help).toContain('Default 16384.');
    expect(helpText({}, ['nowhere'])).toBeNull();
  });
});

describe('readYaml', () => {
  const current: WorkspaceDocument = { schemaVersion: 1, pools: [{ id: 'p', endpoints: [] }] };

  it('reads a document, sharing what did not change with the one before', () => {
    const read = readYaml('schemaVersion: 1\npools:\n  - id: p\n    endpoints: []\nroutes: []\n', current);
    expect(read).toMatchObject({ document: { routes: [] } });
    expect('document' in read && read.document.pools).toBe(current.pools);
  });

  it.each([
    ['half a list', 'schemaVersion: 1\npools: [', 2],
    ['a list that is a word', 'schemaVersion: 1\npools: none', 2],
    ['a thing without its kind', 'schemaVersion: 1\nroutes:\n  - { id: a, kind: htt, listeners: [] }', 3],
  ])('says in which line %s stands, and is no document', (_name, text, line) => {
    const read = readYaml(text, current);
    expect('issues' in read && read.issues[0]).toMatchObject({ severity: 'error', line });
  });

  it('lets a wrong value through to its field, and underlines it', () => {
    const text = 'schemaVersion: 1\nlisteners:\n  - { id: a, port: 99999, protocol: tcp }\n';
    expect('document' in readYaml(text, current)).toBe(true);
    const path = ['listeners', 0, 'port'];
    const [place] = placeIssues(text, [
      { code: 'invalid_value', severity: 'error', path, message: 'too large' },
    ]);
    expect(text.slice(place!.from, place!.to)).toBe('99999');
  });
});

describe('nodes in the YAML', () => {
  const document: WorkspaceDocument = {
    schemaVersion: 1,
    routes: [{ id: 'r', kind: 'tcp', listeners: ['a'] }],
    pools: [{ id: 'p', endpoints: [{ address: 'x', port: 1 }] }],
  };
  it.each([
    ['route:r', ['routes', 0]],
    ['pool:p', ['pools', 0]],
    ['endpoint:p:0', ['pools', 0, 'endpoints', 0]],
  ] as const)('go there and back for %s', (node, path) => {
    expect(pathOfNode(document, node)).toEqual(path);
    expect(nodeAtPath(document, path)).toBe(node);
  });

  it('are none for the client and what is gone', () => {
    expect(pathOfNode(document, 'client')).toBeNull();
    expect(pathOfNode(document, 'route:gone')).toBeNull();
  });
});

describe('smallestChange', () => {
  it.each([
    ['abc', 'abc', null],
    ['abc', 'abXc', { from: 2, to: 2, insert: 'X' }],
    ['aXc', 'ac', { from: 1, to: 2, insert: '' }],
    ['aa', 'a', { from: 1, to: 2, insert: '' }],
    ['', 'new', { from: 0, to: 0, insert: 'new' }],
  ])('from "%s" to "%s"', (before, after, expected) => {
    expect(smallestChange(before, after)).toEqual(expected);
  });
});
