// One certificate, its chain and its sealed key in one file, so that a single rename makes or replaces all of it.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../contract/appError';
import { identifierSchema } from '../contract/config';
import type { KeyCipher } from '../contract/keyCipher';
import { writeFileAtomic } from '../platform/atomicFile';

const maxFileBytes = 1_048_576;

const certificateFileSchema = z.strictObject({
  format: z.literal('hopscope-certificate'),
  version: z.literal(1),
  id: identifierSchema,
  kind: z.enum(['ca', 'leaf']),
  /** The certificate first, then intermediates. */
  certificateChainPem: z.string().min(1),
  privateKey: z.strictObject({
    protection: z.enum(['system', 'passphrase', 'keyFile']),
    /** What the cipher made of the PKCS#8 PEM. */
    sealed: z.base64(),
  }),
});

export interface StoredCertificate {
  readonly id: string;
  readonly kind: 'ca' | 'leaf';
  readonly certificateChainPem: string;
  /** null = the key is there but cannot be opened here; `keyProblem` says why. */
  readonly privateKeyPem: string | null;
  readonly keyProblem: string | null;
}

/** Never replaces a file: fails with the system's EEXIST. */
export async function writeCertificateFile(
  file: string,
  certificate: Omit<StoredCertificate, 'privateKeyPem' | 'keyProblem'> & { readonly privateKeyPem: string },
  cipher: KeyCipher,
): Promise<void> {
  const sealed = await cipher.encrypt(new TextEncoder().encode(certificate.privateKeyPem));
  const content: z.input<typeof certificateFileSchema> = {
    format: 'hopscope-certificate',
    version: 1,
    id: certificate.id,
    kind: certificate.kind,
    certificateChainPem: certificate.certificateChainPem,
    privateKey: { protection: cipher.protection, sealed: Buffer.from(sealed).toString('base64') },
  };
  await writeFileAtomic(file, `${JSON.stringify(content, null, 1)}\n`, { exclusive: true });
}

/** Rejects with a sentence that names the file when it is damaged. `ciphers`: every way to open keys that is there. */
export async function readCertificateFile(
  file: string,
  expected: { readonly id: string; readonly kind: 'ca' | 'leaf' },
  ciphers: readonly KeyCipher[],
): Promise<StoredCertificate> {
  const content = await readContent(file);
  if (content.id !== expected.id || content.kind !== expected.kind) {
    throw damaged(file, `it holds ${content.kind} "${content.id}"`);
  }
  const { id, kind, certificateChainPem, privateKey } = content;
  const certificate = parseCertificate(file, certificateChainPem);
  try {
    const privateKeyPem = await openKey(file, privateKey, ciphers);
    if (!certificate.checkPrivateKey(createPrivateKey(privateKeyPem))) {
      throw new AppError('disk_failed', 'the key does not belong to the certificate');
    }
    return { id, kind, certificateChainPem, privateKeyPem, keyProblem: null };
  } catch (error) {
    // The message of a foreign error may quote what it could not parse: the key. Only our own words leave.
    const why = error instanceof AppError ? error.message : 'it is damaged';
    const keyProblem = `the private key in ${file} cannot be used: ${why}`;
    return { id, kind, certificateChainPem, privateKeyPem: null, keyProblem };
  }
}

async function readContent(file: string): Promise<z.output<typeof certificateFileSchema>> {
  if ((await stat(file)).size > maxFileBytes) throw damaged(file, 'it is larger than 1 MiB');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(file, 'it is not JSON');
  }
  const parsed = certificateFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the document';
  throw damaged(file, `"${field}" is missing or wrong`);
}

function parseCertificate(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw damaged(file, 'it holds no certificate');
  }
}

async function openKey(
  file: string,
  key: z.output<typeof certificateFileSchema>['privateKey'],
  ciphers: readonly KeyCipher[],
): Promise<string> {
  const cipher = ciphers.find((candidate) => candidate.protection === key.protection);
  if (cipher === undefined) {
    const keeper =
      key.protection === 'system'
        ? "the system's key store, which only the app's window can use"
        : 'a passphrase';
    throw new AppError('unavailable', `it is protected by ${keeper}`);
  }
  try {
    return new TextDecoder().decode(await cipher.decrypt(Buffer.from(key.sealed, 'base64')));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('disk_failed', `it could not be unsealed from ${file}`);
  }
}

function damaged(file: string, why: string): AppError {
  return new AppError(
    'disk_failed',
    `${file} is damaged (${why}); it was left as it is: put it back from a backup or move it away`,
  );
}
