// RSA and ECDSA certificates on one listener: OpenSSL holds one of each type at once, so a certificate chosen late by SNI would
// stand beside the default one and lose to it.
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseWorkspace } from '../../main/contract/validateConfig';
import { Engine } from '../../main/engine/engine';
import { CertificateFolder } from '../main/certs/certificateFolder';

let folder: CertificateFolder;
let engine: Engine;
beforeEach(async () => {
  folder = await CertificateFolder.create();
  const service = await folder.open();
  await service.issue({ id: 'ec', names: ['ec.test'] });
  await service.issue({ id: 'rsa', names: ['rsa.test'], keyType: 'rsa-2048' });
  engine = new Engine();
  const { workspace } = parseWorkspace({
    schemaVersion: 1,
    listeners: [{ id: 'secure', port: 0, protocol: 'https', tls: { certificates: ['ec', 'rsa'] } }],
  });
  await engine.apply({ revision: 1, workspace: workspace!, certificates: service.materials() });
});
afterEach(async () => {
  await engine.close({ drainMs: 0 });
  engine.emitter.close();
  await folder.remove();
});

/** The common name of what is served; "" = no SNI is sent. */
function served(servername: string, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  const { port } = engine.listeners()[0]!;
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port, host: '127.0.0.1', servername, maxVersion, rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

describe.each([false, true])('certificates of two key types, watched: %s', (isWatched) => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('are each served by their name over %s', async (version) => {
    const reader = isWatched ? engine.emitter.openReader({ from: 'now' }) : null;
    expect(await served('ec.test', version)).toBe('ec.test');
    expect(await served('rsa.test', version)).toBe('rsa.test');
    expect(await served('other.test', version)).toBe('ec.test');
    expect(await served('', version)).toBe('ec.test');
    reader?.close();
  });
});
