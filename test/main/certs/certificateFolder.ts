// A certificate store in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateService } from '../../../main/certs/certificateService';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';

export class CertificateFolder {
  private constructor(readonly path: string) {}

  static async create(): Promise<CertificateFolder> {
    return new CertificateFolder(await mkdtemp(join(tmpdir(), 'hopscope-store-')));
  }

  open(now?: () => number): Promise<CertificateService> {
    return CertificateService.open(this.path, keyFileCipher(this.path), now);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

export function dropped(...files: readonly (readonly [name: string, content: string | Uint8Array])[]) {
  return files.map(([name, content]) => ({ name, contentBase64: Buffer.from(content).toString('base64') }));
}
