import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CertificateService } from '../../../main/certs/certificateService';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';
import { WorkspaceBundles } from '../../../main/services/workspaceBundles';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function openStore(): Promise<CertificateService> {
  const folder = await mkdtemp(join(tmpdir(), 'hopscope-bundle-'));
  folders.push(folder);
  return CertificateService.open(folder, keyFileCipher(folder));
}

const text = '# carried along\nschemaVersion: 1\npools: []\n';
const passphrase = 'a long enough one';

describe('WorkspaceBundles', () => {
  it('carries a workspace with its certificates and keys to another machine', async () => {
    const here = await openStore();
    await here.issue({ names: ['shop.test'], id: 'shop' });
    const bundle = await new WorkspaceBundles(here).export({ text, certificates: ['shop'], passphrase });
    expect(Buffer.from(bundle, 'base64').includes('PRIVATE KEY')).toBe(false);

    const there = await openStore();
    const bundles = new WorkspaceBundles(there);
    expect(await bundles.read(bundle, passphrase)).toEqual({
      document: { schemaVersion: 1, pools: [] },
      text,
      certificates: [{ id: 'shop', hasKey: true, isTaken: false }],
    });
    expect(await bundles.importCertificates({ bundle, passphrase, certificates: ['shop'] })).toEqual([
      'shop',
    ]);
    const [from, to] = [here, there].map((store) => store.materials().get('shop')!);
    expect(new X509Certificate(to!.certificateChainPem).fingerprint256).toBe(
      new X509Certificate(from!.certificateChainPem).fingerprint256,
    );
    expect(to!.privateKeyPem).not.toBeNull();
    await expect(
      bundles.importCertificates({ bundle, passphrase, certificates: ['shop'] }),
    ).rejects.toMatchObject({ code: 'already_exists' });
    here.close();
    there.close();
  });

  it('says clearly that the passphrase is wrong and that a certificate is not there', async () => {
    const store = await openStore();
    const bundles = new WorkspaceBundles(store);
    const bundle = await bundles.export({ text, certificates: [], passphrase });
    await expect(bundles.read(bundle, 'another one')).rejects.toThrow('the passphrase is wrong');
    await expect(bundles.export({ text, certificates: ['none'], passphrase })).rejects.toThrow(
      'the store has no certificate "none"',
    );
    store.close();
  });
});
