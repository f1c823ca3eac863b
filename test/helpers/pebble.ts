// Debian's pebble (an ACME server for tests) and its DNS server, on free loopback ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { freePort } from './engineHarness';
import { OpensslFixture } from './opensslFixture';

export class Pebble {
  private constructor(
    private readonly files: OpensslFixture,
    private readonly processes: readonly ChildProcess[],
    readonly directoryUrl: string,
    /** PEM of the CA of pebble's own certificate. */
    readonly caPem: string,
    /** Where it connects to for http-01 and tls-alpn-01. */
    readonly httpPort: number,
    readonly tlsPort: number,
    private readonly managementPort: number,
    readonly log: () => string,
  ) {}

  /** Every host name is 127.0.0.1 for it. `env` e.g. PEBBLE_WFE_NONCEREJECT. */
  static async start(
    options: { readonly env?: Record<string, string>; readonly args?: readonly string[] } = {},
  ): Promise<Pebble> {
    const files = new OpensslFixture();
    files.key('ca', 'EC', 'ec_paramgen_curve:P-256');
    files.certificate('ca', {
      subject: '/CN=Pebble test CA',
      extensions: ['basicConstraints=critical,CA:TRUE'],
    });
    files.key('own', 'EC', 'ec_paramgen_curve:P-256');
    files.certificate('own', {
      subject: '/CN=localhost',
      issuer: 'ca',
      extensions: ['subjectAltName=DNS:localhost,IP:127.0.0.1'],
    });
    const [port, management, httpPort, tlsPort, dns, dnsManagement] = (await Promise.all(
      [1, 2, 3, 4, 5, 6].map(freePort),
    )) as [number, number, number, number, number, number];
    const config = {
      pebble: {
        listenAddress: `127.0.0.1:${port}`,
        managementListenAddress: `127.0.0.1:${management}`,
        certificate: files.path('own.pem'),
        privateKey: files.path('own.key'),
        httpPort,
        tlsPort,
      },
    };
    const dnsServer = spawn(
      'pebble-challtestsrv',
      [
        '-defaultIPv4',
        '127.0.0.1',
        '-defaultIPv6',
        '',
        '-http01',
        '',
        '-https01',
        '',
        '-tlsalpn01',
        '',
        '-dns01',
        `127.0.0.1:${dns}`,
        '-management',
        `127.0.0.1:${dnsManagement}`,
      ],
      { stdio: 'pipe' },
    );
    const server = spawn(
      'pebble',
      [
        '-config',
        files.write('pebble.json', JSON.stringify(config)),
        '-dnsserver',
        `127.0.0.1:${dns}`,
        ...(options.args ?? []),
      ],
      {
        env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', ...options.env },
        stdio: 'pipe',
      },
    );
    let log = '';
    for (const stream of [server.stdout, server.stderr, dnsServer.stdout, dnsServer.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        log += bytes.toString();
      });
    }
    const died = Promise.race(
      [server, dnsServer].map((each) => once(each, 'exit').then(() => Promise.reject(new Error(log)))),
    );
    died.catch(() => undefined); // it ends with the tests, too
    await Promise.race([died, Promise.all([accepts(port), accepts(dnsManagement)])]);
    return new Pebble(
      files,
      [server, dnsServer],
      `https://127.0.0.1:${port}/dir`,
      files.text('ca.pem'),
      httpPort,
      tlsPort,
      dnsManagement,
      () => log,
    );
  }

  /** As the person does in the zone of the name. */
  async setTxt(name: string, value: string): Promise<void> {
    const sent = request({ host: '127.0.0.1', port: this.managementPort, path: '/set-txt', method: 'POST' });
    sent.end(JSON.stringify({ host: `${name}.`, value }));
    const [response] = await once(sent, 'response');
    response.resume();
    await once(response, 'end');
  }

  async close(): Promise<void> {
    const exits = this.processes.map((each) => once(each, 'exit'));
    for (const each of this.processes) each.kill();
    await Promise.all(exits);
    this.files.close();
  }
}

/** Until somebody listens; a program gives no sign that it does. */
async function accepts(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => setTimeout(() => resolve(false), 20));
    });
    socket.destroy();
    if (isOpen) return;
  }
}
