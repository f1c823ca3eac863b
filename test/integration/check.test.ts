import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliSandbox } from '../helpers/cliProcess';

let sandbox: CliSandbox;
beforeAll(async () => {
  sandbox = await CliSandbox.make();
});
afterAll(() => sandbox.close());

let checked = 0;
async function check(text: string, extension = 'yaml') {
  const file = sandbox.path(`workspace-${checked++}.${extension}`);
  await writeFile(file, text);
  const result = await sandbox.run('check', file);
  return { ...result, file };
}

const bad: readonly { name: string; text: string; line: RegExp }[] = [
  {
    name: 'broken YAML',
    text: 'schemaVersion: 1\nlisteners: [\n',
    line: /:3:1 \(document\): not valid YAML: .* \(broken_yaml\)$/,
  },
  {
    name: 'an unknown field',
    text: 'schemaVersion: 1\nlisteners:\n  - id: web\n    prot: 80\n    port: 0\n    protocol: http\n',
    line: /:4:5 listeners\[0\]\.prot: .*(did you mean|nearest|is) .*port.* \(unknown_field\)$/i,
  },
  {
    name: 'a wrong type',
    text: 'schemaVersion: 1\nlisteners:\n  - id: web\n    port: eighty\n    protocol: http\n',
    line: /:4:11 listeners\[0\]\.port: .* \(wrong_type\)$/,
  },
  {
    name: 'a missing field',
    text: 'schemaVersion: 1\nlisteners:\n  - id: web\n    protocol: http\n',
    line: /:3:5 listeners\[0\]\.port: .* \(missing_field\)$/,
  },
  {
    name: 'a duplicate id',
    text: 'schemaVersion: 1\npools:\n  - { id: a, endpoints: [] }\n  - { id: a, endpoints: [] }\n',
    line: /:4:11 pools\[1\]\.id: .* \(duplicate_id\)$/,
  },
  {
    name: 'a dangling reference',
    text: [
      'schemaVersion: 1',
      'listeners: [{ id: web, port: 0, protocol: http }]',
      'routes:',
      '  - id: r',
      '    kind: http',
      '    listeners: [web]',
      '    backends: [{ pool: nobody }]',
    ].join('\n'),
    line: /:7:24 routes\[0\]\.backends\[0\]\.pool: .*nobody.* \(unknown_reference\)$/,
  },
  {
    name: 'a missing certificate',
    text: [
      'schemaVersion: 1',
      'listeners:',
      '  - id: secure',
      '    port: 0',
      '    protocol: https',
      '    tls: { certificates: [shop] }',
    ].join('\n'),
    line: /:6:27 listeners\[0\]\.tls\.certificates\[0\]: .*shop.* \(certificate_missing\)$/,
  },
  {
    name: 'an address of another machine',
    text: 'schemaVersion: 1\nlisteners:\n  - { id: web, address: 192.0.2.1, port: 18080, protocol: tcp }\n',
    line: /:3:25 listeners\[0\]\.address: .* \(address_unavailable\)$/,
  },
];

describe('hopscope check', () => {
  it('says nothing about a workspace that can run', async () => {
    const result = await check('schemaVersion: 1\nlisteners: [{ id: web, port: 0, protocol: tcp }]\n');
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it.concurrent.each(bad)('says where it found $name', async ({ text, line }) => {
    const { code, stdout, stderr, file } = await check(text);
    const lines = stderr.trimEnd().split('\n');
    const found = lines.filter((each) => each.startsWith(`${file}:`) && line.test(each));
    expect(found, stderr).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('says that a port is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await check(
      `schemaVersion: 1\nlisteners:\n  - id: web\n    port: ${port}\n    protocol: tcp\n`,
    );
    holder.close();
    expect(stderr).toMatch(
      /:4:11 listeners\[0\]\.port: port \d+ on 127\.0\.0\.1 is in use .*\(port_in_use\)/,
    );
    expect(code).toBe(1);
  });

  // The superuser may bind any port, so as root there is nothing to refuse.
  it.skipIf(process.getuid?.() === 0)('says that a port needs more rights', async () => {
    const { code, stderr } = await check(
      'schemaVersion: 1\nlisteners: [{ id: web, port: 81, protocol: tcp }]\n',
    );
    expect(stderr).toMatch(/\(privileged_port\)/);
    expect(code).toBe(1);
  });

  it('warns without failing', async () => {
    const { code, stderr } = await check(
      'schemaVersion: 1\nlisteners: [{ id: web, address: 0.0.0.0, port: 0, protocol: tcp }]\n',
    );
    expect(stderr).toMatch(/\(exposed_address\)/);
    expect(code).toBe(0);
  });

  it('reads JSON', async () => {
    const { code, stderr } = await check('{\n  "schemaVersion": 1,\n  "pool": []\n}\n', 'json');
    expect(stderr).toMatch(/\.json:3:3 pool: .*\(unknown_field\)/);
    expect(code).toBe(1);
  });

  it('ends with 2 when the file cannot be read', async () => {
    const missing = await sandbox.run('check', sandbox.path('nowhere.yaml'));
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toMatch(/nowhere\.yaml cannot be read: there is no such file/);
    expect(await sandbox.run('check', sandbox.folder)).toMatchObject({ code: 2 });
  });

  it.skipIf(process.getuid?.() === 0)('ends with 2 when the file may not be read', async () => {
    const file = sandbox.path('locked.yaml');
    await writeFile(file, 'schemaVersion: 1\n');
    await chmod(file, 0);
    expect(await sandbox.run('check', file)).toMatchObject({ code: 2 });
  });
});

describe('hopscope', () => {
  it.concurrent.each([
    [[], 2, /Usage: hopscope/],
    [['--help'], 0, /Usage: hopscope/],
    [['serve', '-h'], 0, /Usage: hopscope serve/],
    [['check', '--help'], 0, /Usage: hopscope check/],
    [['explain', '--help'], 0, /Usage: hopscope explain/],
    [['ui', '--help'], 0, /Usage: hopscope ui/],
    [['cert', '--help'], 0, /Usage: hopscope cert/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['chekc'], 2, /"chekc" is not a command, did you mean "check"\?/],
    [['constructor'], 2, /is not a command/],
    [['export', 'x'], 2, /not available yet/],
    [['import'], 2, /not available yet/],
    [['lab', 'list'], 2, /not available yet/],
    [['serve'], 2, /name the workspace FILE/],
    [['serve', 'x', '--metrcs', '1'], 2, /unknown option --metrcs, did you mean "--metrics"\?/],
    [['serve', 'x', '--metrics'], 2, /--metrics/],
    [['serve', 'x', '--metrics', '99999'], 2, /port from 0 to 65535/],
    [['serve', 'x', '--ui=abc'], 2, /port from 0 to 65535/],
    [['serve', 'a', 'b'], 2, /"b" is too much/],
    [['explain', 'x'], 2, /name the FILE and the request/],
  ])('answers %j with %i', async (args, code, text) => {
    const result = await sandbox.run(...args);
    expect(result.stdout + result.stderr).toMatch(text);
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at /);
    expect(result.code).toBe(code);
  });
});
