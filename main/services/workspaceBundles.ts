// A workspace together with its certificates and their keys in one encrypted file, to carry to another machine.
import { X509Certificate } from 'node:crypto';
import { importCertificates } from '../certs/certificateImport';
import type { CertificateService } from '../certs/certificateService';
import { caId } from '../certs/storeFiles';
import { AppError } from '../contract/appError';
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import type { WorkspaceDocument } from '../contract/config';
import { type BundleContent, type SealedContent, sealedContentSchema } from '../contract/workspaceApi';
import { openBundle, sealBundle } from './bundleCipher';

interface ExportInput {
  readonly text: string;
  readonly certificates: readonly string[];
  readonly passphrase: string;
}

/** Of the finished file; base64 of it must fit into a call. */
const maxBundleBytes = 6 * 1024 * 1024 - 65_536;

export class WorkspaceBundles {
  constructor(private readonly store: CertificateService) {}

  /** The file as base64. Rejects with `not_found` for a certificate that the store does not have. */
  async export({ text, certificates, passphrase }: ExportInput): Promise<string> {
    const materials = this.store.materials();
    const content: SealedContent = {
      kind: 'hopscope-workspace',
      text,
      certificates: certificates.map((id) => {
        const material = materials.get(id);
        if (material === undefined) throw new AppError('not_found', `the store has no certificate "${id}"`);
        return { id, chainPem: material.certificateChainPem, keyPem: material.privateKeyPem };
      }),
    };
    const file = await sealBundle(Buffer.from(JSON.stringify(content)), passphrase);
    if (file.length > maxBundleBytes) {
      throw new AppError('invalid_input', 'the bundle would be larger than 6 MiB; take fewer certificates');
    }
    return file.toString('base64');
  }

  async read(bundle: string, passphrase: string): Promise<BundleContent> {
    const content = await this.#open(bundle, passphrase);
    const { document, issues } = checkWorkspaceText(content.text);
    if (document === null) {
      throw new AppError('invalid_config', `the bundle's workspace cannot be read: ${issues[0]?.message}`, {
        issues,
      });
    }
    const materials = this.store.materials();
    return {
      document: document as WorkspaceDocument,
      text: content.text,
      certificates: content.certificates.map(({ id, keyPem }) => ({
        id,
        hasKey: keyPem !== null,
        isTaken: materials.has(id),
      })),
    };
  }

  /** The ids that are in the store now. A certificate whose id is taken is refused with `already_exists`. */
  async importCertificates(input: {
    readonly bundle: string;
    readonly passphrase: string;
    readonly certificates: readonly string[];
  }): Promise<readonly string[]> {
    const { certificates } = await this.#open(input.bundle, input.passphrase);
    const materials = this.store.materials();
    const wanted = certificates.filter(({ id }) => input.certificates.includes(id));
    for (const { id } of wanted) {
      if (id === caId) throw new AppError('invalid_input', 'the local authority stays on its machine');
      if (materials.has(id))
        throw new AppError('already_exists', `the store already has a certificate "${id}"`);
    }
    if (wanted.length === 0) return [];
    const imported = await importCertificates(this.store, {
      files: wanted.map(({ id, chainPem, keyPem }) => ({
        name: `${id}.pem`,
        contentBase64: Buffer.from(`${chainPem}\n${keyPem ?? ''}`).toString('base64'),
      })),
      selection: wanted.map(({ id, chainPem }) => ({ id, fingerprint: fingerprintOf(chainPem) })),
    });
    return imported.map(({ id }) => id);
  }

  async #open(bundle: string, passphrase: string): Promise<SealedContent> {
    const plain = await openBundle(Buffer.from(bundle, 'base64'), passphrase);
    const parsed = sealedContentSchema.safeParse(JSON.parse(plain.toString('utf8')));
    if (!parsed.success) throw new AppError('invalid_input', 'the bundle was made by another program');
    return parsed.data;
  }
}

/** Of the first certificate of a chain, as the store names it. */
function fingerprintOf(chainPem: string): string {
  return new X509Certificate(chainPem).fingerprint256.toLowerCase();
}
