import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateService } from '../../../../main/certs/certificateService';
import { CaDownloadServer } from '../../../../main/certs/trust/caDownload';
import { CertificateFolder } from '../certificateFolder';

let folder: CertificateFolder;
let service: CertificateService;
let server: CaDownloadServer;
beforeEach(async () => {
  folder = await CertificateFolder.create();
  service = await folder.open();
  server = new CaDownloadServer(
    () => service.info().ca,
    () => [{ network: 'test', address: '127.0.0.1' }],
  );
});
afterEach(async () => {
  server.close();
  await folder.remove();
});

describe('CaDownloadServer', () => {
  it('serves the certificate of the CA and nothing else, counts, and closes', async () => {
    await service.createCa();
    const { active } = await server.start({ address: '127.0.0.1', agrees: true });
    const get = (path: string, method = 'GET') => fetch(new URL(path, active!.url), { method });
    const certificate = await get('/hopscope-ca.crt');
    expect(certificate.headers.get('content-type')).toBe('application/x-x509-ca-cert');
    const der = Buffer.from(await certificate.arrayBuffer()).toString('base64');
    expect(service.info().ca!.certificatePem.replace(/-----[^-]+-----|\s/g, '')).toBe(der);
    expect(await (await get('/')).text()).toContain(service.info().ca!.fingerprint);
    for (const path of ['/ca.json', '/vault.key', '/../vault.key', '/hopscope-ca.crt?x']) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await get('/hopscope-ca.crt', 'POST')).status).toBe(404);
    expect(server.state().active?.downloads).toBe(1);
    expect(server.stop().active).toBeNull();
    await expect(get('/')).rejects.toThrow();
  });

  it('refuses addresses that are none of this machine, and waits for a CA', async () => {
    await expect(server.start({ address: '127.0.0.1', agrees: true })).rejects.toMatchObject({
      code: 'not_found',
    });
    await service.createCa();
    await expect(server.start({ address: '192.0.2.1', agrees: true })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(server.start({ address: '0.0.0.0', agrees: true })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
