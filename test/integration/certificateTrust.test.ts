// What the certificates are worth to others: OpenSSL's strict verifier and curl against a real HTTPS server.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateService } from '../../main/certs/certificateService';
import { keyFileCipher } from '../../main/certs/keyFileCipher';

const run = promisify(execFile);
let folder: string;
let service: CertificateService;
let leafFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-trust-'));
  service = await CertificateService.open(folder, keyFileCipher(folder));
  await service.issue({ id: 'shop', names: ['shop.test', '*.shop.test', '127.0.0.1', '::1'] });
  leafFile = join(folder, 'leaf.pem');
  await writeFile(leafFile, service.material('shop')!.certificateChainPem);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('openssl', () => {
  const verify = (...more: string[]) => {
    const options = ['-x509_strict', '-purpose', 'sslserver', ...more, '-CAfile', service.caCertificateFile];
    return run('openssl', ['verify', ...options, leafFile]);
  };

  it.each([
    ['-verify_hostname', 'shop.test'],
    ['-verify_hostname', 'a.shop.test'],
    ['-verify_ip', '127.0.0.1'],
    ['-verify_ip', '::1'],
  ])('accepts the leaf strictly with %s %s', async (option, name) => {
    expect((await verify(option, name)).stdout).toContain('OK');
  });

  it.each([
    ['-verify_hostname', 'other.test'],
    ['-verify_hostname', 'a.b.shop.test'],
    ['-verify_ip', '127.0.0.2'],
  ])('refuses it with %s %s', async (option, name) => {
    await expect(verify(option, name)).rejects.toThrow('verification failed');
  });

  it('accepts the CA strictly and sees its extensions', async () => {
    const ca = service.caCertificateFile;
    expect((await run('openssl', ['verify', '-x509_strict', '-CAfile', ca, ca])).stdout).toContain('OK');
    const text = (await run('openssl', ['x509', '-in', ca, '-noout', '-text'])).stdout;
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
    expect(text).toContain('Subject Key Identifier');
  });

  it('sees every extension of the leaf', async () => {
    const text = (await run('openssl', ['x509', '-in', leafFile, '-noout', '-text'])).stdout;
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature/);
    expect(text).toMatch(/Extended Key Usage:\s+TLS Web Server Authentication/);
    expect(text).toMatch(/DNS:shop.test, DNS:\*.shop.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1/);
    expect(text).toContain('Authority Key Identifier');
  });
});

describe('curl with the CA', () => {
  let port: number;
  let close: () => void;
  beforeAll(async () => {
    const { certificateChainPem, privateKeyPem } = service.material('shop')!;
    const server = createServer({ cert: certificateChainPem, key: privateKeyPem }, (_request, response) =>
      response.end('trusted'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    close = () => server.close();
  });
  afterAll(() => close());

  const curl = (host: string, ...more: string[]) => {
    const names = ['shop.test', 'a.shop.test', 'other.test'];
    const resolve = names.flatMap((name) => ['--resolve', `${name}:${port}:127.0.0.1`]);
    const options = ['--silent', '--show-error', '--noproxy', '*', '--max-time', '10'];
    return run('curl', [...options, ...resolve, ...more, `https://${host}:${port}/`]);
  };

  it.each(['shop.test', 'a.shop.test', '127.0.0.1'])('trusts https://%s', async (host) => {
    expect((await curl(host, '--cacert', service.caCertificateFile)).stdout).toBe('trusted');
  });

  it('does not trust another name, nor this one without the CA', async () => {
    await expect(curl('other.test', '--cacert', service.caCertificateFile)).rejects.toThrow('other.test');
    await expect(curl('shop.test')).rejects.toMatchObject({ code: 60 });
  });
});
