// The certificate store as the command line opens it.
import { CertificateService } from '../certs/certificateService';
import { keyFileCipher } from '../certs/keyFileCipher';

/** Opens a store that is protected by a passphrase; arguments are seen by everybody on the machine, variables are not. */
export function keyPassphrase(): string | undefined {
  const passphrase = process.env.HOPSCOPE_PASSPHRASE;
  return passphrase === '' ? undefined : passphrase;
}

/** Stays locked without a passphrase; rejects with `unauthorized` when it is another one. */
export async function openStore(
  folder: string,
  passphrase: string | undefined = keyPassphrase(),
): Promise<CertificateService> {
  const service = await CertificateService.open(folder, keyFileCipher(folder));
  try {
    if (passphrase !== undefined && service.info().keyStore.isLocked) await service.unlock(passphrase);
    return service;
  } catch (error) {
    service.close();
    throw error;
  }
}
