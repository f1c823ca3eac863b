import { describe, expect, it } from 'vitest';
import { parseWorkspaceText } from '../../../main/contract/workspaceText';
import { formatWorkspaceText, updateWorkspaceText } from '../../../main/contract/workspaceTextWriter';

describe('parseWorkspaceText', () => {
  const broken: readonly { name: string; text: string; message: RegExp; line: number; column: number }[] = [
    { name: 'a list that never ends', text: 'a: [1,\n', message: /flow sequence/i, line: 2, column: 1 },
    { name: 'a field twice', text: 'a: 1\nb: 2\na: 3\n', message: /twice/, line: 3, column: 1 },
    { name: 'tabs', text: 'a:\n\t- b\n', message: /Tabs/, line: 2, column: 1 },
    { name: 'two documents', text: 'a: 1\n---\nb: 2\n', message: /exactly one/, line: 2, column: 1 },
    { name: 'an unknown tag', text: 'a: !exec rm\n', message: /!exec/, line: 1, column: 4 },
    { name: 'an unknown alias', text: 'a: *nobody\n', message: /anchor/, line: 1, column: 4 },
  ];
  for (const { name, text, message, line, column } of broken) {
    it(`says where it found ${name}`, () => {
      const { value, issues } = parseWorkspaceText(text);
      expect(value).toBeNull();
      expect(issues[0]).toMatchObject({ code: 'broken_yaml', severity: 'error', line, column });
      expect(issues[0]!.message).toMatch(message);
    });
  }

  it('bounds what aliases expand to', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let level = 1; level < 10; level++) {
      text += `a${level}: &a${level} [${new Array(10).fill(`*a${level - 1}`).join(', ')}]\n`;
    }
    expect(parseWorkspaceText(text).issues[0]?.message).toMatch(/aliases/);
  });

  it('survives deep nesting', () => {
    expect(parseWorkspaceText('['.repeat(100_000)).issues[0]?.code).toBe('broken_yaml');
    expect(parseWorkspaceText('{"a":'.repeat(20_000)).issues[0]?.code).toBe('broken_yaml');
  });

  it('reads JSON', () => {
    expect(parseWorkspaceText('{"schemaVersion": 1, "pools": []}').value).toEqual({
      schemaVersion: 1,
      pools: [],
    });
  });

  it('reads an empty text as nothing', () => {
    expect(parseWorkspaceText('# only a comment\n')).toMatchObject({ value: null, issues: [] });
  });

  const text = [
    'schemaVersion: 1',
    'listeners:',
    '  - id: web',
    '    port: eighty',
    '    tls:',
    '  - { id: b, port: 2 }',
    'shared: &s { x: 1 }',
    'again: *s',
  ].join('\n');
  const positions: readonly [path: (string | number)[], line: number, column: number][] = [
    [[], 1, 1],
    [['listeners', 0], 3, 5],
    [['listeners', 0, 'port'], 4, 11],
    [['listeners', 0, 'tls'], 5, 5],
    [['listeners', 0, 'missing'], 3, 5],
    [['listeners', 1, 'port'], 6, 20],
    [['listeners', 7], 3, 3],
    [['again', 'x'], 7, 17],
    [['nowhere', 'at', 'all'], 1, 1],
  ];
  for (const [path, line, column] of positions) {
    it(`locates ${JSON.stringify(path)} at ${line}:${column}`, () => {
      expect(parseWorkspaceText(text).locate(path)).toEqual({ line, column });
    });
  }

  it('locates the name of a field', () => {
    expect(parseWorkspaceText(text).locate(['listeners', 0, 'port'], 'key')).toEqual({ line: 4, column: 5 });
  });
});

describe('formatWorkspaceText', () => {
  it('writes clean YAML in the order of the schema', () => {
    const text = formatWorkspaceText({
      pools: [{ endpoints: [{ port: 1, address: '127.0.0.1' }], id: 'p' }],
      routes: [
        {
          backends: [{ weight: 2, pool: 'p' }],
          hostnames: ['*.shop.test'],
          listeners: ['web'],
          kind: 'http',
          id: 'r',
          filters: [{ set: { 'x-a': '1' }, type: 'requestHeaders' }],
        },
      ],
      layout: { positions: { 'listener:web': { y: 2, x: 1 } } },
      listeners: [{ protocol: 'http', port: 8080, id: 'web' }],
      schemaVersion: 1,
    });
    expect(text).toBe(`schemaVersion: 1

listeners:
  - id: web
    port: 8080
    protocol: http

routes:
  - id: r
    kind: http
    listeners: [ web ]
    hostnames: [ "*.shop.test" ]
    filters:
      - type: requestHeaders
        set: { x-a: "1" }
    backends:
      - { pool: p, weight: 2 }

pools:
  - id: p
    endpoints:
      - { address: 127.0.0.1, port: 1 }

layout:
  positions:
    listener:web: { x: 1, y: 2 }
`);
  });

  it('reads back what it wrote, also text that looks like something else', () => {
    const document = {
      schemaVersion: 1,
      listeners: [{ id: 'no', name: 'yes: # "no"', port: 0, protocol: 'tcp' }],
      routes: [
        {
          id: 'r',
          kind: 'http',
          listeners: ['no'],
          filters: [{ type: 'respond', body: 'two\nlines\n', headers: { 'x-n': '1e3', 'x-t': 'true' } }],
        },
      ],
    };
    expect(parseWorkspaceText(formatWorkspaceText(document)).value).toEqual(document);
    expect(JSON.parse(formatWorkspaceText(document, 'json'))).toEqual(document);
  });
});

const written = `# my proxy
schemaVersion: 1

listeners:
  - id: web          # the front door
    port: 8080       # as in the docs
    protocol: "http"

  # the second one
  - id: raw
    port: 9000
    protocol: tcp

routes:
  - id: all
    kind: http
    listeners: [web]   # only web
    hostnames: [a.test,   'b.test']
    backends: [{ pool: one }, { pool: two, weight: 3 }]
pools:
  - id: one
    endpoints: [{address: 127.0.0.1, port: 1}]
  - id: two
    # nothing yet
    endpoints: []
`;
const writtenValue = () => parseWorkspaceText(written).value as WrittenDocument;
interface WrittenDocument {
  listeners: Record<string, unknown>[];
  routes: Record<string, unknown>[];
  pools: { id: string; endpoints: unknown[] }[];
  layout?: unknown;
}

describe('updateWorkspaceText', () => {
  it('returns the text as it is when nothing changed', () => {
    expect(updateWorkspaceText(written, writtenValue())).toBe(written);
  });

  it('replaces only the characters of a changed value', () => {
    const document = writtenValue();
    document.listeners[0]!.port = 8081;
    document.listeners[0]!.protocol = 'https';
    expect(updateWorkspaceText(written, document)).toBe(
      written.replace('8080 ', '8081 ').replace('"http"', '"https"'),
    );
  });

  it('quotes a new value where it must', () => {
    const document = writtenValue();
    document.routes[0]!.hostnames = ['*.test', 'b.test'];
    expect(updateWorkspaceText(written, document)).toBe(
      written.replace("[a.test,   'b.test']", `["*.test",   'b.test']`),
    );
  });

  it('keeps comments and styles when things are added and removed', () => {
    const document = writtenValue();
    document.listeners.splice(0, 0, { id: 'new', port: 1, protocol: 'tcp' });
    document.pools[1]!.endpoints.push({ address: '::1', port: 2 });
    document.layout = { positions: { 'pool:one': { x: 1, y: 2 } } };
    const text = updateWorkspaceText(written, document);
    expect(parseWorkspaceText(text).value).toEqual(document);
    for (const comment of ['# my proxy', '# the front door', '# the second one', '# only web', '# nothing']) {
      expect(text).toContain(comment);
    }
    expect(text).toContain('protocol: "http"');
    expect(text).toContain('backends: [{ pool: one }, { pool: two, weight: 3 }]');
  });

  it('keeps the comment with its item when the order changes', () => {
    const document = writtenValue();
    document.listeners.reverse();
    const text = updateWorkspaceText(written, document);
    expect(parseWorkspaceText(text).value).toEqual(document);
    expect(text).toMatch(/- id: web +# the front door/);
  });

  it('removes an item with what was said about it', () => {
    const document = writtenValue();
    document.listeners.pop();
    const text = updateWorkspaceText(written, document);
    expect(parseWorkspaceText(text).value).toEqual(document);
    expect(text).not.toContain('raw');
    expect(text).toContain('# the front door');
  });

  it('leaves the lines that say the same as they were written', () => {
    const old = 'schemaVersion: 1\nlisteners: [{id: web,   port: 1, protocol: tcp}]   # mine\npools: []\n';
    const document = { ...(parseWorkspaceText(old).value as object), routes: [] };
    expect(updateWorkspaceText(old, document).split('\n')).toContain(old.split('\n')[1]);
  });

  it('writes JSON where JSON was', () => {
    const text = updateWorkspaceText('{"schemaVersion":1}', { schemaVersion: 1, pools: [] });
    expect(text).toBe('{\n  "schemaVersion": 1,\n  "pools": []\n}\n');
  });

  it('writes afresh what it could not read', () => {
    expect(updateWorkspaceText('a: [', { schemaVersion: 1 })).toBe('schemaVersion: 1\n');
    expect(updateWorkspaceText('', { schemaVersion: 1 })).toBe('schemaVersion: 1\n');
  });

  it('does not change a neighbour through a shared anchor', () => {
    const old = 'schemaVersion: 1\npools:\n  - &p { id: a, endpoints: [] }\nroutes: []\nextra: *p\n';
    const document = parseWorkspaceText(old).value as { pools: { id: string }[] };
    document.pools[0]!.id = 'b';
    const text = updateWorkspaceText(old, document);
    expect(parseWorkspaceText(text).value).toEqual(document);
  });
});
