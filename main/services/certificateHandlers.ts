// The calls about certificates (contract/certificateApi.ts) on top of the store and its helpers.
import type { CertificateService } from '../certs/certificateService';
import { AppError } from '../contract/appError';
import type { certificateInputs } from '../contract/certificateApi';
import type { ApiHandlers } from './apiHandlers';

export function certificateHandlers(
  certificates: CertificateService,
): ApiHandlers<keyof typeof certificateInputs> {
  return {
    getCertificates: () => certificates.refresh(),
    createCa: (input) => certificates.createCa(input),
    issueCertificate: ({ id, ...input }) => certificates.issue(id === undefined ? input : { ...input, id }),
    renewCertificate: () => notAvailable('renewing'),
    revokeCertificate: () => notAvailable('revoking'),
    setCertificateRenewal: () => notAvailable('automatic renewal'),
    deleteCertificate: () => notAvailable('deleting'),
    getCertificateDetails: () => notAvailable('details'),
    getRevocationList: () => notAvailable('the revocation list'),
    unlockKeyStore: () => notAvailable('a passphrase'),
    protectKeyStore: () => notAvailable('a passphrase'),
    previewImport: () => notAvailable('importing'),
    importCertificates: () => notAvailable('importing'),
    exportCertificate: () => notAvailable('exporting'),
    createCertificateRequest: () => notAvailable('CSRs'),
    importRequestAnswer: () => notAvailable('CSRs'),
    deleteCertificateRequest: () => notAvailable('CSRs'),
    previewSigningRequest: () => notAvailable('CSRs'),
    signCertificateRequest: () => notAvailable('CSRs'),
    checkServedCertificate: () => notAvailable('the live check'),
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

function notAvailable(what: string): never {
  throw new AppError('unavailable', `${what}: not available yet`);
}
