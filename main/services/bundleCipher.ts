// The envelope of a workspace bundle: a versioned header, then AES-256-GCM under a key that scrypt makes of a passphrase.
// The header is authenticated too, so that nobody can weaken its parameters; they are bounded before they are used, so that
// a hostile file cannot ask for gigabytes.
//
//   0  8  "HOPSBNDL"          12 16  salt
//   8  1  version, 1          28 12  nonce
//   9  1  log2 of scrypt's N  40  …  ciphertext, the last 16 bytes are the tag
//  10  1  r    11 1  p
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { AppError } from '../contract/appError';

const magic = Buffer.from('HOPSBNDL', 'latin1');
const version = 1;
const headerBytes = 40;
const tagBytes = 16;
/** 64 MiB and about 0.2 s for each guess. */
const chosen = { logN: 16, r: 8, p: 1 } as const;
const bounds = { logN: [14, 18], r: [8, 8], p: [1, 4] } as const;

export async function sealBundle(content: Uint8Array, passphrase: string): Promise<Buffer> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const parameters = Buffer.from([version, chosen.logN, chosen.r, chosen.p]);
  const header = Buffer.concat([magic, parameters, salt, nonce]);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, chosen), nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([header, sealed, cipher.getAuthTag()]);
}

/** Rejects with `invalid_input` for what is no bundle and with `unauthorized` for a wrong passphrase or a changed file. */
export async function openBundle(file: Uint8Array, passphrase: string): Promise<Buffer> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < headerBytes + tagBytes || !bytes.subarray(0, 8).equals(magic)) {
    throw new AppError('invalid_input', 'that file is no Hopscope bundle');
  }
  if (bytes[8] !== version) {
    throw new AppError('invalid_input', `the bundle has version ${bytes[8]}; this Hopscope reads version 1`);
  }
  const parameters = { logN: bytes[9]!, r: bytes[10]!, p: bytes[11]! };
  for (const name of ['logN', 'r', 'p'] as const) {
    const [least, most] = bounds[name];
    if (parameters[name] < least || parameters[name] > most) {
      const message = `the bundle's header says ${name} = ${parameters[name]}; ${least} to ${most} is accepted`;
      throw new AppError('invalid_input', message);
    }
  }
  const key = await keyOf(passphrase, bytes.subarray(12, 28), parameters);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(28, headerBytes));
  decipher.setAAD(bytes.subarray(0, headerBytes));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    const body = bytes.subarray(headerBytes, bytes.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    const message = 'the passphrase is wrong, or the file was changed after it was made';
    throw new AppError('unauthorized', message, { cause });
  }
}

function keyOf(
  passphrase: string,
  salt: Uint8Array,
  { logN, r, p }: { readonly logN: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const cost = 2 ** logN;
  const options = { N: cost, r, p, maxmem: 128 * cost * r + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
