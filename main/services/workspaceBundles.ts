// A workspace together with its certificates and their keys in one encrypted file, to carry to another machine.
import { type CertificateMaterial, caId } from '../certs/certificateService';
import { AppError } from '../contract/appError';
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import type { WorkspaceDocument } from '../contract/config';
import { type BundleContent, type SealedContent, sealedContentSchema } from '../contract/workspaceApi';
import { openBundle, sealBundle } from './bundleCipher';

/** What is needed of the certificate store. */
export interface BundleStore {
  materials(): ReadonlyMap<string, CertificateMaterial>;
  /** Keeps a certificate under that id. Rejects when it is taken. */
  importPem(input: {
    readonly id: string;
    readonly chainPem: string;
    readonly keyPem: string | null;
  }): Promise<void>;
}

interface ExportInput {
  readonly text: string;
  readonly certificates: readonly string[];
  readonly passphrase: string;
}

/** Of the finished file; base64 of it must fit into a call. */
const maxBundleBytes = 6 * 1024 * 1024 - 65_536;

export class WorkspaceBundles {
  constructor(private readonly store: BundleStore) {}

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
    for (const each of wanted) await this.store.importPem(each);
    return wanted.map(({ id }) => id);
  }

  async #open(bundle: string, passphrase: string): Promise<SealedContent> {
    const plain = await openBundle(Buffer.from(bundle, 'base64'), passphrase);
    const parsed = sealedContentSchema.safeParse(JSON.parse(plain.toString('utf8')));
    if (!parsed.success) throw new AppError('invalid_input', 'the bundle was made by another program');
    return parsed.data;
  }
}
