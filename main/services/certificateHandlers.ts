// The calls about certificates (contract/certificateApi.ts) on top of the store and its helpers.
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
import { AppError } from '../contract/appError';
import type { certificateInputs } from '../contract/certificateApi';
import { certificateUses } from '../contract/certificateCoverage';
import type { Engine } from '../engine/engine';
import type { ApiHandlers } from './apiHandlers';
import type { ConfigService } from './configService';
import { checkServed } from './servedCheck';

export interface CertificateParts {
  readonly engine: Engine;
  readonly config: ConfigService;
  readonly certificates: CertificateService;
}

export function certificateHandlers(parts: CertificateParts): ApiHandlers<keyof typeof certificateInputs> {
  const { certificates } = parts;
  return {
    getCertificates: () => certificates.refresh(),
    createCa: (input) => certificates.createCa(input),
    issueCertificate: ({ id, ...input }) => certificates.issue(id === undefined ? input : { ...input, id }),
    renewCertificate: async (input) => ({ kind: 'renewed', certificate: await certificates.renew(input) }),
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

    getTrustStatus: () => notAvailable('trust stores'),
    changeTrust: () => notAvailable('trust stores'),
    getCaDownload: () => notAvailable('the download for phones'),
    startCaDownload: () => notAvailable('the download for phones'),
    stopCaDownload: () => notAvailable('the download for phones'),
    getAcme: () => notAvailable('ACME'),
    getAcmeDirectory: () => notAvailable('ACME'),
    createAcmeAccount: () => notAvailable('ACME'),
    deleteAcmeAccount: () => notAvailable('ACME'),
    startAcmeOrder: () => notAvailable('ACME'),
    continueAcmeOrder: () => notAvailable('ACME'),
    cancelAcmeOrder: () => notAvailable('ACME'),
  };
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

function notAvailable(what: string): never {
  throw new AppError('unavailable', `${what}: not available yet`);
}
