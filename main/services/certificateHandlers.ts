// The calls about certificates (contract/certificateApi.ts) on top of the store and its helpers.
import { createAcmeAccount, deleteAcmeAccount, getAcmeDirectory } from '../certs/acme/acmeAccounts';
import { certificateDetails } from '../certs/certificateDetails';
import { exportCertificate } from '../certs/certificateExport';
import { importCertificates, previewImport } from '../certs/certificateImport';
import {
  createCertificateRequest,
  deleteCertificateRequest,
  importRequestAnswer,
  previewSigningRequest,
  signCertificateRequest,
} from '../certs/certificateRequests';
import type { CertificateService } from '../certs/certificateService';
import { revocationList, revokeCertificate } from '../certs/revocations';
import type { ApiParsedInput } from '../contract/api';
import { AppError } from '../contract/appError';
import type { RenewResult } from '../contract/certificate';
import type { certificateInputs } from '../contract/certificateApi';
import { certificateUses } from '../contract/certificateCoverage';
import type { Engine } from '../engine/engine';
import type { ApiHandlers, TellAll } from './apiHandlers';
import type { CertificateHelperParts } from './certificateHelpers';
import type { ConfigService } from './configService';
import { checkServed } from './servedCheck';

export interface CertificateParts extends CertificateHelperParts {
  readonly engine: Engine;
  readonly config: ConfigService;
  readonly certificates: CertificateService;
}

export function certificateHandlers(
  parts: CertificateParts,
  tellAll: TellAll,
): ApiHandlers<keyof typeof certificateInputs> {
  const { certificates, acme, trust, caDownload } = parts;
  return {
    getCertificates: () => certificates.refresh(),
    createCa: (input) => certificates.createCa(input),
    issueCertificate: ({ id, ...input }) => certificates.issue(id === undefined ? input : { ...input, id }),
    renewCertificate: (input) => renew(parts, input),
    revokeCertificate: (input) => revokeCertificate(certificates, input),
    setCertificateRenewal: (input) => certificates.setRenewal(input),
    deleteCertificate: async ({ id }) => {
      await certificates.remove(id, (each) => useOf(parts, each));
      return null;
    },
    getCertificateDetails: ({ id }) => certificateDetails(certificates, id),
    getRevocationList: () => revocationList(certificates),
    unlockKeyStore: ({ passphrase }) => certificates.unlock(passphrase),
    protectKeyStore: (input) => certificates.protect(input),

    previewImport: (input) => previewImport(certificates, input),
    importCertificates: async (input) => ({ imported: await importCertificates(certificates, input) }),
    exportCertificate: (input) => exportCertificate(certificates, input),
    createCertificateRequest: (input) => createCertificateRequest(certificates, input),
    importRequestAnswer: (input) => importRequestAnswer(certificates, input),
    deleteCertificateRequest: async ({ id }) => {
      await deleteCertificateRequest(certificates, id);
      return null;
    },
    previewSigningRequest: ({ csrBase64 }) => previewSigningRequest(csrBase64),
    signCertificateRequest: (input) => signCertificateRequest(certificates, input),

    checkServedCertificate: ({ listener, serverName }) =>
      checkServed(running(parts, listener), serverName, certificates),

    getTrustStatus: () => trust.status(),
    changeTrust: (input) => trust.change(input, (progress) => tellAll('trust.progress', progress)),
    getCaDownload: () => caDownload.state(),
    startCaDownload: (input) => caDownload.start(input),
    stopCaDownload: () => caDownload.stop(),

    getAcme: () => acme.state(),
    getAcmeDirectory: (input) => getAcmeDirectory(input),
    createAcmeAccount: (input) => createAcmeAccount(certificates, input),
    deleteAcmeAccount: async ({ id }) => {
      await deleteAcmeAccount(certificates, id);
      return null;
    },
    startAcmeOrder: (input) => acme.start(input),
    continueAcmeOrder: ({ order }) => acme.continue(order),
    cancelAcmeOrder: ({ order }) => {
      acme.cancel(order);
      return null;
    },
  };
}

/** Those of ACME servers take a while: then the order tells the rest. */
async function renew(
  { certificates, acme }: CertificateParts,
  input: ApiParsedInput<'renewCertificate'>,
): Promise<RenewResult> {
  const held = certificates.store.held(input.id);
  if (held.file.origin.type === 'acme') return { kind: 'ordered', acmeOrder: acme.renew(held).id };
  return { kind: 'renewed', certificate: await certificates.renew(input) };
}

/** Where the running workspace names the certificate, in words; null = nowhere. */
function useOf({ config }: CertificateParts, id: string): string | null {
  const uses = certificateUses(config.running().document, id);
  return uses.length === 0 ? null : uses.map((use) => `${use.place} "${use.id}"`).join(' and ');
}

function running({ engine }: CertificateParts, id: string) {
  const listener = engine.listeners().find((each) => each.id === id);
  if (listener !== undefined) return listener;
  throw new AppError('not_found', `listener "${id}" does not run; apply the workspace first`);
}
