// The one way for a private key to leave the store: asked for, confirmed, and sealed unless the person says otherwise.
import { createPrivateKey } from 'node:crypto';
import {
  type ExportCertificateInput,
  type ExportedFile,
  exportCertificateInputSchema,
} from '../contract/certificateFiles';
import { chainFacts } from './certificateInfo';
import { type CertificateService, parseInput, withKey } from './certificateService';
import { encryptPkcs8 } from './formats/passwordEncryption';
import { pemText } from './formats/pem';
import { writePkcs12 } from './formats/pkcs12';
import type { HeldCertificate } from './storeReader';

/** Rejects with `unavailable` when there is no key here to export. */
export async function exportCertificate(
  service: CertificateService,
  input: ExportCertificateInput,
): Promise<ExportedFile> {
  const { id, format, password, isLegacy } = parseInput(exportCertificateInputSchema, input);
  const held = service.store.held(id);
  switch (format) {
    case 'pem':
      return exported(`${id}.pem`, 'application/x-pem-file', held.facts.pem);
    case 'chain':
      return exported(`${id}-chain.pem`, 'application/x-pem-file', fullChain(service, held));
    case 'der':
      return exported(`${id}.cer`, 'application/pkix-cert', held.facts.x509.raw);
    case 'key':
      return exported(`${id}.key`, 'application/x-pem-file', await keyPem(held, password, isLegacy));
    case 'pkcs12':
      return exported(`${id}.p12`, 'application/x-pkcs12', await bag(service, held, password, isLegacy));
  }
}

/** What a server sends, and the local CA where it is the end of it. */
function fullChain({ store }: CertificateService, { file, facts }: HeldCertificate): string {
  const { ca } = store.contents;
  const isByCa = ca !== null && file.kind === 'leaf' && facts.issuer === ca.facts.subject;
  return file.certificateChainPem.trimEnd() + (isByCa ? `\n${ca.facts.pem}` : '\n');
}

async function keyPem(held: HeldCertificate, password: string, isLegacy: boolean): Promise<string> {
  const { privateKeyPem } = withKey(held);
  if (password === '') return privateKeyPem;
  return pemText('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8(privateKeyPem), password, isLegacy));
}

function bag(
  service: CertificateService,
  held: HeldCertificate,
  password: string,
  isLegacy: boolean,
): Promise<Uint8Array> {
  const { privateKeyPem } = withKey(held);
  const certificates = chainFacts(fullChain(service, held)).map(({ x509 }) => x509.raw);
  const input = { certificates, key: pkcs8(privateKeyPem), friendlyName: held.file.id };
  return writePkcs12(input, password, isLegacy);
}

function pkcs8(privateKeyPem: string): Buffer {
  return createPrivateKey(privateKeyPem).export({ format: 'der', type: 'pkcs8' });
}

function exported(fileName: string, mediaType: string, content: string | Uint8Array): ExportedFile {
  return { fileName, mediaType, contentBase64: Buffer.from(content as string).toString('base64') };
}
