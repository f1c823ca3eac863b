import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { type ConfigIssue, formatPath } from '../../../main/contract/configIssue';
import { migrateDocument } from '../../../main/contract/configMigrations';
import { parseWorkspace } from '../../../main/contract/validateConfig';

/** "error listeners[0].port: message (code)" of every issue. */
function issuesOf(document: unknown): string[] {
  return parseWorkspace(document).issues.map(
    ({ severity, path, message, code }: ConfigIssue) =>
      `${severity} ${formatPath(path)}: ${message} (${code})`,
  );
}

const web = { id: 'web', port: 8080, protocol: 'http' as const };
const route = { id: 'r', kind: 'http' as const, listeners: ['web'], backends: [{ pool: 'p' }] };
const pool = { id: 'p', endpoints: [{ address: '127.0.0.1', port: 9001 }] };

function document(parts: Partial<WorkspaceDocument> = {}): WorkspaceDocument {
  return { schemaVersion: 1, listeners: [web], routes: [route], pools: [pool], ...parts };
}

describe('parseWorkspace', () => {
  it('fills in every default and finds nothing wrong with a plain workspace', () => {
    const { workspace, issues } = parseWorkspace(document());
    expect(issues).toEqual([]);
    expect(workspace?.listeners[0]).toMatchObject({
      address: '127.0.0.1',
      limits: { maxConnections: 10_000 },
    });
  });

  it('gives no workspace when there is an error, one when there are only warnings', () => {
    expect(parseWorkspace(document({ pools: [] })).workspace).toBeNull();
    const exposed = parseWorkspace(document({ listeners: [{ ...web, address: '0.0.0.0' }] }));
    expect(exposed.workspace).not.toBeNull();
    expect(exposed.issues).toMatchObject([{ severity: 'warning', code: 'exposed_address' }]);
  });

  const shape: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      'no document',
      null,
      [
        'error (document): a workspace is a set of fields (schemaVersion, listeners, routes, pools) (wrong_type)',
      ],
    ],
    [
      'a list',
      [],
      [
        'error (document): a workspace is a set of fields (schemaVersion, listeners, routes, pools) (wrong_type)',
      ],
    ],
    [
      'no version',
      {},
      ['error schemaVersion: schemaVersion is missing: add "schemaVersion: 1" (missing_field)'],
    ],
    [
      'a newer version',
      { schemaVersion: 9 },
      [
        'error schemaVersion: schema version 9 comes from a newer Hopscope; this one reads up to 1: update it (schema_version)',
      ],
    ],
    [
      'a version as text',
      { schemaVersion: '1' },
      ['error schemaVersion: "1" is no schema version: write 1 (schema_version)'],
    ],
    [
      'an unknown field at the top',
      { schemaVersion: 1, listners: [] },
      ['error listners: there is no field "listners", did you mean "listeners"? (unknown_field)'],
    ],
    [
      'an unknown field far from any',
      { schemaVersion: 1, capture: { xyzzy: 1 } },
      [
        'error capture.xyzzy: there is no field "xyzzy"; known here: headers, bodies, maxBodyBytes (unknown_field)',
      ],
    ],
    [
      'an unknown field inside a list',
      document({ listeners: [{ ...web, limits: { maxConnection: 1 } as object }] }),
      [
        'error listeners[0].limits.maxConnection: there is no field "maxConnection", did you mean "maxConnections"? (unknown_field)',
      ],
    ],
    [
      'a wrong type',
      document({ listeners: [{ ...web, port: '8080' as unknown as number }] }),
      ['error listeners[0].port: must be a number, not "8080" (wrong_type)'],
    ],
    [
      'null where a list belongs',
      { schemaVersion: 1, listeners: null },
      ['error listeners: must be a list, not nothing (null) (wrong_type)'],
    ],
    [
      'a fraction',
      document({ listeners: [{ ...web, port: 80.5 }] }),
      ['error listeners[0].port: must be a whole number, not 80.5 (wrong_type)'],
    ],
    [
      'a port that is none',
      document({ listeners: [{ ...web, port: 70_000 }] }),
      ['error listeners[0].port: 70000 is too large: at most 65535 (invalid_value)'],
    ],
    [
      'a missing field',
      document({ listeners: [{ id: 'web', protocol: 'http' } as typeof web] }),
      ['error listeners[0].port: "port" is missing (missing_field)'],
    ],
    [
      'a missing choice',
      document({ routes: [{ id: 'r', listeners: ['web'] } as unknown as typeof route] }),
      ['error routes[0].kind: "kind" is missing: one of http, tls, tcp (missing_field)'],
    ],
    [
      'a misspelt choice',
      document({ listeners: [{ ...web, protocol: 'htttp' as 'http' }] }),
      [
        'error listeners[0].protocol: "htttp" is not one of http, https, tls, tcp, forward, did you mean "http"? (invalid_value)',
      ],
    ],
    [
      'a bad id',
      document({ listeners: [{ ...web, id: 'My Web' }] }),
      ['error listeners[0].id: "My Web" must be 1–63 characters of a–z, 0–9 and "-" (invalid_value)'],
    ],
    [
      'an unknown filter',
      document({ routes: [{ ...route, filters: [{ type: 'redirekt' as 'redirect' }] }] }),
      [
        expect.stringContaining(
          'error routes[0].filters[0].type: "redirekt" is not one of requestHeaders',
        ) as unknown as string,
      ],
    ],
    [
      'a field of another filter',
      document({ routes: [{ ...route, filters: [{ type: 'redirect', set: {} } as { type: 'redirect' }] }] }),
      [
        'error routes[0].filters[0].set: there is no field "set"; known here: type, scheme, hostname, port, path, status (unknown_field)',
      ],
    ],
    [
      'a status that redirects not',
      document({ routes: [{ ...route, filters: [{ type: 'redirect', status: 300 as 301 }] }] }),
      ['error routes[0].filters[0].status: 300 is not one of 301, 302, 303, 307, 308 (invalid_value)'],
    ],
    [
      'a header name with a space',
      document({ routes: [{ ...route, filters: [{ type: 'requestHeaders', set: { 'a b': '1' } }] }] }),
      ['error routes[0].filters[0].set["a b"]: "a b" is not a valid header name (invalid_value)'],
    ],
    [
      'a header value with a line break',
      document({ routes: [{ ...route, filters: [{ type: 'requestHeaders', set: { a: 'x\r\ny' } }] }] }),
      [
        'error routes[0].filters[0].set.a: "x\\r\\ny" must not contain control characters (line breaks, NUL) (invalid_value)',
      ],
    ],
    [
      'a kind-specific field',
      document({
        routes: [{ id: 'r', kind: 'tcp', listeners: ['web'], hostnames: [] } as unknown as typeof route],
      }),
      [
        'error routes[0].hostnames: there is no field "hostnames"; known here: id, name, listeners, kind, backends (unknown_field)',
      ],
    ],
  ];
  it.each(shape)('says about %s what to do', (_title, given, expected) => {
    expect(issuesOf(given)).toEqual(expected);
  });

  const across: readonly (readonly [string, Partial<WorkspaceDocument>, readonly string[]])[] = [
    [
      'two of one id',
      { pools: [pool, pool] },
      ['error pools[1].id: the id "p" is used by pools[0] already: choose another one (duplicate_id)'],
    ],
    [
      'a pool that is not there',
      { pools: [{ ...pool, id: 'pp' }] },
      ['error routes[0].backends[0].pool: there is no pool "p", did you mean "pp"? (unknown_reference)'],
    ],
    [
      'a listener that is not there',
      { routes: [{ ...route, listeners: ['secure'] }] },
      ['error routes[0].listeners[0]: there is no listener "secure"; there are: web (unknown_reference)'],
    ],
    [
      'a route on the wrong listener',
      { listeners: [{ ...web, protocol: 'tcp' }] },
      [
        'error routes[0].listeners[0]: an http route cannot be on listener "web" (tcp): it needs http or https (invalid_value)',
      ],
    ],
    [
      'one port twice',
      { listeners: [web, { ...web, id: 'two' }] },
      [
        'error listeners[1].port: port 8080 is taken by listener "web" already: choose another one, or put the routes on that listener (port_in_use)',
      ],
    ],
    [
      'one port twice by "all addresses"',
      { listeners: [web, { ...web, id: 'two', address: '::' }] },
      [
        'warning listeners[1].address: everybody who can reach this machine can connect here; 127.0.0.1 keeps it to this machine (exposed_address)',
        'error listeners[1].port: port 8080 is taken by listener "web" already: choose another one, or put the routes on that listener (port_in_use)',
      ],
    ],
    ['any port twice', { listeners: [web, { ...web, id: 'a', port: 0 }, { ...web, id: 'b', port: 0 }] }, []],
    ['one port on two addresses', { listeners: [web, { ...web, id: 'two', address: '127.0.0.2' }] }, []],
    [
      'https without certificate',
      { listeners: [{ ...web, protocol: 'https' }] },
      [
        'error listeners[0]: an https listener needs a certificate: issue one and name it in listeners "web" tls.certificates (certificate_missing)',
      ],
    ],
    [
      'tls on a plain listener',
      { listeners: [{ ...web, tls: { certificates: ['c'] } }] },
      [
        'error listeners[0].tls: a listener of protocol http does not use TLS: set protocol to https, or remove tls (invalid_value)',
      ],
    ],
    [
      'weights of 0 only',
      { routes: [{ ...route, backends: [{ pool: 'p', weight: 0 }] }] },
      ['warning routes[0].backends: all weights are 0: requests are answered 503 (invalid_value)'],
    ],
    [
      'a route to nowhere',
      { routes: [{ ...route, backends: [] }] },
      [
        'warning routes[0].backends: the route "r" leads to no pool: requests are answered 503 (invalid_value)',
      ],
    ],
    [
      'a route that answers itself',
      { routes: [{ ...route, backends: [], filters: [{ type: 'respond' }] }] },
      [],
    ],
    [
      'a pool without endpoints',
      { pools: [{ ...pool, endpoints: [] }] },
      ['warning pools[0].endpoints: the pool "p" has no endpoints: nothing can be reached (invalid_value)'],
    ],
    [
      'a path without slash',
      { routes: [{ ...route, matches: [{ path: { type: 'prefix', value: 'a' } }] }] },
      [
        'error routes[0].matches[0].path.value: "a" must begin with "/": no path does otherwise (invalid_value)',
      ],
    ],
    [
      'a query in a path',
      { routes: [{ ...route, matches: [{ path: { type: 'exact', value: '/a?b' } }] }] },
      [
        'error routes[0].matches[0].path.value: "/a?b" can never match: a path has no "?"; use query to match parameters (invalid_value)',
      ],
    ],
    [
      'a pattern that cannot be',
      { routes: [{ ...route, matches: [{ path: { type: 'regex', value: '(a' } }] }] },
      [
        'error routes[0].matches[0].path.value: the pattern "(a" has a "(" without ")" (at character 2) (invalid_value)',
      ],
    ],
    [
      'a header without value',
      { routes: [{ ...route, matches: [{ headers: [{ name: 'x' }] }] }] },
      [
        'error routes[0].matches[0].headers[0].value: "value" is missing: type exact compares with it (type present does not) (missing_field)',
      ],
    ],
    [
      'nothing to hash',
      { pools: [{ ...pool, loadBalancing: { policy: 'hash' } }] },
      [
        'error pools[0].loadBalancing.hash: "hash" is missing: say what to hash, for example hash: { on: path } (missing_field)',
      ],
    ],
    [
      'two caches on one route',
      { routes: [{ ...route, filters: [{ type: 'cache' }, { type: 'cache' }] }] },
      ['error routes[0].filters[1].type: the route has a cache filter already; remove one (invalid_value)'],
    ],
    [
      'a guard behind the cache',
      { routes: [{ ...route, filters: [{ type: 'cache' }, { type: 'access', deny: ['10.0.0.1'] }] }] },
      [
        'warning routes[0].filters[1].type: what is cached is answered before access has its turn; put it before the cache (invalid_value)',
      ],
    ],
    [
      'entries larger than their cache',
      { routes: [{ ...route, filters: [{ type: 'cache', maxBytes: 1000 }] }] },
      [
        'warning routes[0].filters[0].maxEntryBytes: no entry of 1048576 bytes fits into the 1000 of maxBytes; entries are stored up to that (invalid_value)',
      ],
    ],
    ['a listener that no route uses', { routes: [] }, []],
  ];
  it.each(across)('says about %s what to do', (_title, parts, expected) => {
    expect(issuesOf(document(parts))).toEqual(expected);
  });
});

describe('unreachable routes', () => {
  const second = { ...route, id: 'second' };
  const prefix = (value: string) => [{ path: { type: 'prefix' as const, value } }];
  const regex = [{ path: { type: 'regex' as const, value: '/x.*' } }];
  const cases: readonly (readonly [string, WorkspaceDocument['routes'], number | null])[] = [
    ['two catch-alls', [route, second], 1],
    [
      'the same prefix, written otherwise',
      [
        { ...route, matches: prefix('/a') },
        { ...second, matches: prefix('/a/') },
      ],
      1,
    ],
    [
      'a longer prefix behind',
      [
        { ...route, matches: prefix('/') },
        { ...second, matches: prefix('/a') },
      ],
      null,
    ],
    [
      'a regex beside the prefix /',
      [
        { ...route, matches: regex },
        { ...second, matches: prefix('/') },
      ],
      0,
    ],
    ['a catch-all behind the prefix /', [{ ...route, matches: prefix('/') }, second], 1],
    [
      'a header behind a catch-all',
      [route, { ...second, matches: [{ headers: [{ name: 'x', value: '1' }] }] }],
      null,
    ],
    [
      'the same header, written otherwise',
      [
        { ...route, matches: [{ headers: [{ name: 'X', value: '1' }] }] },
        { ...second, matches: [{ headers: [{ name: 'x', value: '1' }] }] },
      ],
      1,
    ],
    [
      'other host names',
      [
        { ...route, hostnames: ['a.test'] },
        { ...second, hostnames: ['b.test'] },
      ],
      null,
    ],
    [
      'one of two host names',
      [
        { ...route, hostnames: ['a.test'] },
        { ...second, hostnames: ['a.test', 'b.test'] },
      ],
      null,
    ],
    [
      'both host names by two routes',
      [
        { ...route, hostnames: ['a.test'] },
        { ...route, id: 'r2', hostnames: ['B.test'] },
        { ...second, hostnames: ['a.test', 'b.test'] },
      ],
      2,
    ],
  ];
  it.each(cases)('are told for %s', (_title, routes, index) => {
    const found = parseWorkspace(document({ routes })).issues.filter(
      ({ code }) => code === 'unreachable_route',
    );
    expect(found.map(({ path, severity }) => [severity, path[1]])).toEqual(
      index === null ? [] : [['warning', index]],
    );
  });

  it('are told for tcp and name the route that wins', () => {
    const tcp = { kind: 'tcp' as const, listeners: ['web'], backends: [{ pool: 'p' }] };
    const routes = [
      { ...tcp, id: 'one' },
      { ...tcp, id: 'two' },
    ];
    expect(issuesOf(document({ listeners: [{ ...web, protocol: 'tcp' }], routes }))).toEqual([
      'warning routes[1]: no request ever gets here: the route "one" takes all that this one asks for (unreachable_route)',
    ]);
  });
});

describe('a forward listener', () => {
  const out = { id: 'out', port: 3128, protocol: 'forward' as const };
  it('is fine with the defaults', () => {
    expect(issuesOf({ schemaVersion: 1, listeners: [out] })).toEqual([]);
  });

  it.each([
    [
      { forward: { allow: [] } },
      'warning listeners[0].forward.allow: without an entry nothing can be reached',
    ],
    [{ forward: { allow: ['a b'] } }, 'error listeners[0].forward.allow[0]: "a b" is not a host name'],
    [
      { forward: { allow: ['10.0.0.1/8'] } },
      'error listeners[0].forward.allow[0]: "10.0.0.1/8" has bits behind',
    ],
    [{ tls: {} }, 'error listeners[0].tls: a listener of protocol forward does not use TLS: remove tls'],
    [
      { protocol: 'http' as const, forward: {} },
      'error listeners[0].forward: only a listener of protocol forward',
    ],
  ])('%j: %s', (changes, message) => {
    const [first = ''] = issuesOf({ schemaVersion: 1, listeners: [{ ...out, ...changes }] });
    expect(first.slice(0, message.length)).toBe(message);
  });

  it.each(['*', '0.0.0.0/0', '::/0', '*:443'])('is no open proxy: %s only on loopback', (entry) => {
    const issues = (address: string) =>
      issuesOf({ schemaVersion: 1, listeners: [{ ...out, address, forward: { allow: [entry] } }] }).join();
    expect(issues('127.0.0.1')).toBe('');
    expect(issues('0.0.0.0')).toContain('makes an open proxy');
  });

  it('has no routes', () => {
    const workspace = document({ listeners: [out], routes: [{ ...route, listeners: ['out'] }] });
    expect(issuesOf(workspace).join()).toContain('goes where its clients ask and has no routes');
  });
});

describe('migrateDocument', () => {
  const steps = [
    {
      from: 1,
      migrate: ({ old, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, renamed: old }),
    },
    { from: 2, migrate: (given: Readonly<Record<string, unknown>>) => ({ ...given, added: true }) },
  ];

  it('runs the steps in order up to the newest version', () => {
    expect(migrateDocument({ schemaVersion: 1, old: 'x' }, steps, 3)).toEqual({
      ok: true,
      document: { schemaVersion: 3, renamed: 'x', added: true },
      migratedFrom: 1,
    });
  });

  it('leaves a document of the newest version alone', () => {
    const given = { schemaVersion: 3 };
    expect(migrateDocument(given, steps, 3)).toEqual({ ok: true, document: given, migratedFrom: null });
  });

  it('says when a version is no longer read', () => {
    expect(migrateDocument({ schemaVersion: 1 }, steps.slice(1), 3)).toMatchObject({
      ok: false,
      issue: { code: 'schema_version' },
    });
  });
});

describe('the protocol of a pool', () => {
  it('is warned about where nothing can be chosen, because nothing is encrypted', () => {
    const found = (parts: Partial<WorkspaceDocument>) =>
      parseWorkspace(document(parts)).issues.map(({ path, severity }) => `${severity} ${formatPath(path)}`);
    expect(found({ pools: [{ ...pool, protocol: 'auto' }] })).toEqual(['warning pools[0].protocol']);
    expect(found({ pools: [{ ...pool, protocol: 'auto', tls: {} }] })).toEqual([]);
    expect(found({ pools: [{ ...pool, protocol: 'h2' }] })).toEqual([]);
  });
});
