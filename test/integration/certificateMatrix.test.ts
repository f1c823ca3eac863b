// Who accepts our certificates: CAs and leaves of every key type, served by the engine, looked at by OpenSSL (strict), curl, NSS,
// Java (its own TLS client, a trust store by keytool) and Chromium. HOPSCOPE_MATRIX=1 prints the table.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateService } from '../../main/certs/certificateService';
import type { CertificateKeyType, CreateCaInput } from '../../main/contract/certificate';
import type { WorkspaceDocument } from '../../main/contract/config';
import { findBrowser } from '../../scripts/findBrowser.mjs';
import { EngineHarness } from '../helpers/engineHarness';
import { isInstalled, OpensslFixture } from '../helpers/opensslFixture';
import { CertificateFolder } from '../main/certs/certificateFolder';

const run = promisify(execFile);
const files = new OpensslFixture();
const authorities: readonly (readonly [name: string, input: CreateCaInput])[] = [
  ['p256', { keyType: 'ecdsa-p256' }],
  ['p384', { keyType: 'ecdsa-p384' }],
  ['rsa2048', { keyType: 'rsa-2048' }],
  ['constrained', { keyType: 'ecdsa-p256', permittedNames: ['test'], permittedAddresses: ['127.0.0.0/8'] }],
];
const leafTypes: readonly CertificateKeyType[] = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'];

interface Served {
  readonly authority: string;
  readonly leaf: string;
  readonly hostname: string;
  readonly port: number;
  readonly caFile: string;
  readonly leafFile: string;
}

const folders: CertificateFolder[] = [];
const served: Served[] = [];
const table = new Map<string, string[]>();
let harness: EngineHarness;

beforeAll(async () => {
  const stores: [string, CertificateService][] = [];
  for (const [name, input] of authorities) {
    const folder = await CertificateFolder.create();
    folders.push(folder);
    const service = await folder.open();
    await service.createCa({ ...input, commonName: `Matrix ${name}` });
    for (const keyType of leafTypes) {
      const names = [`${keyType}.${name}.test`, '127.0.0.1'];
      await service.issue({ id: `${name}-${keyType}`, names, keyType });
    }
    stores.push([name, service]);
  }
  harness = new EngineHarness();
  const page = `<body><script>const names = decodeURIComponent(location.hash.slice(1)).split(' ');
Promise.all(names.map((name) => fetch('https://' + name + '/').then(() => name, () => ''))).then((found) => {
document.body.textContent = 'accepted: ' + found.join(' ') + ' end'; });</script>`;
  const document: WorkspaceDocument = {
    schemaVersion: 1,
    listeners: stores.map(([name]) => ({
      id: name,
      port: 0,
      protocol: 'https',
      tls: { certificates: leafTypes.map((keyType) => `${name}-${keyType}`) },
    })),
    routes: [
      {
        id: 'page',
        kind: 'http',
        listeners: stores.map(([name]) => name),
        filters: [
          {
            type: 'respond',
            status: 200,
            headers: { 'content-type': 'text/html', 'access-control-allow-origin': '*' },
            body: page,
          },
        ],
        backends: [],
      },
    ],
  };
  await harness.run(document, new Map(stores.flatMap(([, service]) => [...service.materials()])));
  for (const [name, service] of stores) {
    for (const keyType of leafTypes) {
      const leafFile = files.write(
        `${name}-${keyType}.pem`,
        service.material(`${name}-${keyType}`)!.certificateChainPem,
      );
      served.push({
        authority: name,
        leaf: keyType,
        hostname: `${keyType}.${name}.test`,
        port: harness.port(name),
        caFile: service.caCertificateFile,
        leafFile,
      });
    }
  }
});

afterAll(async () => {
  await harness.close();
  for (const folder of folders) await folder.remove();
  files.close();
  if (process.env.HOPSCOPE_MATRIX === undefined) return;
  const rows = served.map(
    ({ authority, leaf }) =>
      `${authority.padEnd(12)} ${leaf.padEnd(11)} ${(table.get(`${authority} ${leaf}`) ?? []).join(' ')}`,
  );
  console.info(`CA           leaf        accepted by\n${rows.join('\n')}`);
});

function accepted({ authority, leaf }: Served, tool: string): void {
  const key = `${authority} ${leaf}`;
  table.set(key, [...(table.get(key) ?? []), tool]);
}

describe('every certificate of every CA', () => {
  it('is accepted by openssl -x509_strict', async () => {
    for (const each of served) {
      const options = [
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-verify_hostname',
        each.hostname,
        '-CAfile',
        each.caFile,
      ];
      expect((await run('openssl', ['verify', ...options, each.leafFile])).stdout).toContain('OK');
      await run('openssl', [
        'verify',
        '-x509_strict',
        '-verify_ip',
        '127.0.0.1',
        '-CAfile',
        each.caFile,
        each.leafFile,
      ]);
      accepted(each, 'openssl');
    }
  });

  it('is accepted by curl, and by the name of another CA it is not', async () => {
    for (const each of served) {
      const args = (caFile: string) => [
        '-sS',
        '--noproxy',
        '*',
        '--cacert',
        caFile,
        '--resolve',
        `${each.hostname}:${each.port}:127.0.0.1`,
        `https://${each.hostname}:${each.port}/`,
      ];
      expect((await run('curl', args(each.caFile))).stdout).toContain('<body>');
      const other = served.find(({ authority }) => authority !== each.authority)!;
      await expect(run('curl', args(other.caFile))).rejects.toMatchObject({ code: 60 });
      accepted(each, 'curl');
    }
  });

  it.runIf(isInstalled('certutil', '-H'))('is valid for servers in NSS', async () => {
    const database = `sql:${await trustingDatabase('nss')}`;
    for (const each of served) {
      await run('certutil', ['-A', '-d', database, '-t', ',,', '-n', each.hostname, '-i', each.leafFile]);
      const { stdout } = await run('certutil', ['-V', '-d', database, '-n', each.hostname, '-u', 'V', '-e']);
      expect(stdout).toContain('certificate is valid');
      accepted(each, 'nss');
    }
  });

  it.runIf(isInstalled('java', '-version'))(
    "is accepted by Java's TLS client with a trust store by keytool",
    async () => {
      const store = files.path('trust.p12');
      for (const [name, { caFile }] of new Map(served.map((each) => [each.authority, each]))) {
        await run('keytool', [
          '-importcert',
          '-noprompt',
          '-storetype',
          'PKCS12',
          '-keystore',
          store,
          '-storepass',
          'changeit',
          '-alias',
          name,
          '-file',
          caFile,
        ]);
      }
      const client = files.write('Client.java', javaClient);
      const targets = served.map(({ hostname, port }) => `${hostname}:${port}`);
      const { stdout } = await run('java', [client, store, ...targets, `wrong.test:${served[0]!.port}`]);
      for (const each of served) {
        expect(stdout).toContain(`accepted ${each.hostname}:${each.port}\n`);
        accepted(each, 'java');
      }
      expect(stdout).toContain('refused wrong.test');
    },
  );

  const browser = findBrowser();
  it.runIf(browser !== null && isInstalled('certutil', '-H'))('is accepted by Chromium', async () => {
    const home = files.path('home');
    await trustingDatabase('home/.pki/nssdb');
    const targets = served.map(({ hostname, port }) => `${hostname}:${port}`);
    const open = async (url: string) => {
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--host-resolver-rules=MAP * 127.0.0.1',
        `--user-data-dir=${join(home, 'profile')}`,
        '--virtual-time-budget=10000',
        '--dump-dom',
      ];
      return (await run(browser!, [...flags, url], { env: { ...process.env, HOME: home } })).stdout;
    };
    const dom = await open(
      `https://${targets[0]}/#${encodeURIComponent([...targets, `wrong.test:${served[0]!.port}`].join(' '))}`,
    );
    expect(dom).toContain('accepted: ');
    for (const each of served) {
      expect(dom).toContain(`${each.hostname}:${each.port}`);
      accepted(each, 'chromium');
    }
    expect(dom).not.toContain('wrong.test');
  });
});

/** An NSS database in which every CA is trusted for servers. */
async function trustingDatabase(name: string): Promise<string> {
  const folder = files.path(name);
  await mkdir(folder, { recursive: true });
  await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password']);
  for (const [authority, { caFile }] of new Map(served.map((each) => [each.authority, each]))) {
    await run('certutil', ['-A', '-d', `sql:${folder}`, '-t', 'C,,', '-n', authority, '-i', caFile]);
  }
  return folder;
}

const javaClient = `
import java.io.*;
import java.net.*;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Client {
  public static void main(String[] args) throws Exception {
    KeyStore store = KeyStore.getInstance(new File(args[0]), "changeit".toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    for (int index = 1; index < args.length; index++) {
      String[] target = args[index].split(":");
      try (Socket plain = new Socket("127.0.0.1", Integer.parseInt(target[1]))) {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, target[0], 443, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        System.out.println("accepted " + args[index]);
      } catch (SSLException error) {
        System.out.println("refused " + args[index] + " " + error.getMessage());
      }
    }
  }
}
`;
