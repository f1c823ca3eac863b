import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteDecisionTrace } from '../../main/contract/flowEvent';
import { CliSandbox } from '../helpers/cliProcess';

let sandbox: CliSandbox;
let file = '';
beforeAll(async () => {
  sandbox = await CliSandbox.make();
  file = sandbox.path('workspace.yaml');
  await writeFile(
    file,
    `schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: http }
  - { id: other, port: 0, protocol: http }
  - { id: out, port: 0, protocol: forward, forward: { allow: ["*.example.test:443", "127.0.0.0/8"] } }
routes:
  - id: pictures
    kind: http
    listeners: [web]
    hostnames: [img.example.test]
    matches: [{ path: { type: prefix, value: /pictures }, headers: [{ name: x-canary, value: "1" }] }]
    backends: [{ pool: p }]
  - id: rest
    kind: http
    listeners: [web]
    backends: [{ pool: p }]
pools:
  - { id: p, endpoints: [{ address: 127.0.0.1, port: 9001 }] }
`,
  );
});
afterAll(() => sandbox.close());

describe('hopscope explain', () => {
  it('prints the decision as JSON', async () => {
    const url = 'GET http://img.example.test/pictures/1';
    const { code, stdout, stderr } = await sandbox.run(
      'explain',
      file,
      '--listener',
      'web',
      url,
      '-H',
      'x-canary: 1',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { winner, trace } = JSON.parse(stdout) as { winner: string; trace: RouteDecisionTrace };
    expect(winner).toBe('pictures');
    expect(trace.routes.map((route) => [route.route, route.outcome])).toEqual([
      ['pictures', 'won'],
      ['rest', 'outranked'],
    ]);
  });

  it('names the predicate on which a route missed', async () => {
    const { stdout } = await sandbox.run(
      'explain',
      file,
      '--listener=web',
      'http://img.example.test/pictures/1',
    );
    const { winner, trace } = JSON.parse(stdout) as { winner: string; trace: RouteDecisionTrace };
    expect(winner).toBe('rest');
    const missed = trace.routes.find((route) => route.route === 'pictures')!;
    expect(missed.outcome).toBe('missed');
    expect(missed.predicates.filter((predicate) => !predicate.holds)).toMatchObject([
      { predicate: 'header', actual: null },
    ]);
  });

  it('prints text for people', async () => {
    const { stdout } = await sandbox.run(
      'explain',
      file,
      '--text',
      '--listener',
      'web',
      'GET http://x.test/',
    );
    expect(stdout).toMatch(/^GET http:\/\/x\.test\/ on web: rest\n/);
    expect(stdout).toMatch(/missed {4}pictures: hostname asked for /);
    expect(stdout).toMatch(/won {7}rest: /);
  });

  it.each([
    ['http://127.0.0.1:8080/', 'allowed', '127.0.0.1 port 8080: 127.0.0.0/8 lets it in'],
    ['http://[::1]/', 'refused', '::1 port 80: no entry of forward.allow lets it in'],
    ['CONNECT a.example.test:443', 'allowed or not, by address', 'let in by *.example.test:443; any of its'],
    ['http://a.example.test/', 'allowed or not, by address', 'leads to: any of its addresses by 127.0.0.0/8'],
  ])('says what a forward listener makes of %s', async (request, verdict, reason) => {
    const { stdout } = await sandbox.run('explain', file, '--text', '--listener', 'out', request);
    const [first, second] = stdout.split('\n');
    expect(first!.endsWith(`on out: ${verdict}`)).toBe(true);
    expect(second).toContain(reason);
  });

  it.each([
    [['http://x.test/'], 2, /name the listener with --listener; the workspace has web, other, out/],
    [['http://x.test/', '--listener', 'nobody'], 1, /there is no listener "nobody"/],
    [['GET', 'http://x.test/'], 2, /put quotes around/],
    [['http://x.test/', '--listener', 'web', '-H', 'nonsense'], 2, /is not a header/],
  ])('answers %j with %i and one line', async (args, code, text) => {
    const result = await sandbox.run('explain', file, ...args);
    expect(result.stderr).toMatch(text);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(result.code).toBe(code);
  });

  it('says what is wrong with a broken workspace', async () => {
    const broken = sandbox.path('broken.yaml');
    await writeFile(broken, 'schemaVersion: 1\nx: 1\n');
    const result = await sandbox.run('explain', broken, 'http://x.test/');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/broken\.yaml:2:1 x: .*\(unknown_field\)/);
  });
});
