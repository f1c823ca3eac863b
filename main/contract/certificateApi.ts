// The part of the api that is about certificates; api.ts takes it in.
import { z } from 'zod';
import {
  type AcmeAccount,
  type AcmeDirectoryInfo,
  type AcmeOrder,
  type AcmeState,
  acmeAccountIdInputSchema,
  acmeOrderIdInputSchema,
  createAcmeAccountInputSchema,
  getAcmeDirectoryInputSchema,
  startAcmeOrderInputSchema,
} from './acme';
import {
  type CertificateInfo,
  type CertificateStoreInfo,
  createCaInputSchema,
  deleteCertificateInputSchema,
  issueCertificateInputSchema,
  protectKeyStoreInputSchema,
  type RenewResult,
  type RevocationListInfo,
  renewCertificateInputSchema,
  revokeCertificateInputSchema,
  setRenewalInputSchema,
  unlockKeyStoreInputSchema,
} from './certificate';
import {
  type CertificateDetails,
  certificateIdInputSchema,
  checkServedInputSchema,
  type ServedCheck,
} from './certificateDetails';
import {
  type CertificateFileResults,
  createRequestInputSchema,
  exportCertificateInputSchema,
  importCertificatesInputSchema,
  importRequestAnswerInputSchema,
  previewImportInputSchema,
  previewSigningRequestInputSchema,
  requestIdInputSchema,
  signRequestInputSchema,
} from './certificateFiles';
import {
  type CaDownloadState,
  changeTrustInputSchema,
  startCaDownloadInputSchema,
  type TrustChange,
  type TrustProgress,
  type TrustStatus,
} from './trustStore';

export const certificateInputs = {
  getCertificates: z.undefined(),
  createCa: createCaInputSchema,
  issueCertificate: issueCertificateInputSchema,
  renewCertificate: renewCertificateInputSchema,
  revokeCertificate: revokeCertificateInputSchema,
  setCertificateRenewal: setRenewalInputSchema,
  deleteCertificate: deleteCertificateInputSchema,
  getCertificateDetails: certificateIdInputSchema,
  getRevocationList: z.undefined(),
  unlockKeyStore: unlockKeyStoreInputSchema,
  protectKeyStore: protectKeyStoreInputSchema,

  /** Reads files without keeping anything. */
  previewImport: previewImportInputSchema,
  importCertificates: importCertificatesInputSchema,
  exportCertificate: exportCertificateInputSchema,
  createCertificateRequest: createRequestInputSchema,
  importRequestAnswer: importRequestAnswerInputSchema,
  deleteCertificateRequest: requestIdInputSchema,
  previewSigningRequest: previewSigningRequestInputSchema,
  signCertificateRequest: signRequestInputSchema,

  /** Makes a real TLS handshake with a running listener. */
  checkServedCertificate: checkServedInputSchema,

  getTrustStatus: z.undefined(),
  changeTrust: changeTrustInputSchema,
  getCaDownload: z.undefined(),
  startCaDownload: startCaDownloadInputSchema,
  stopCaDownload: z.undefined(),

  getAcme: z.undefined(),
  getAcmeDirectory: getAcmeDirectoryInputSchema,
  createAcmeAccount: createAcmeAccountInputSchema,
  /** Deactivates it at the server and forgets it; its certificates stay and are not renewed any more. */
  deleteAcmeAccount: acmeAccountIdInputSchema,
  /** Answers at once; progress comes as `acme.changed`. */
  startAcmeOrder: startAcmeOrderInputSchema,
  /** The DNS records are set. */
  continueAcmeOrder: acmeOrderIdInputSchema,
  /** Ends an order that runs; takes one that ended off the list. */
  cancelAcmeOrder: acmeOrderIdInputSchema,
} as const satisfies Record<string, z.ZodType>;

/**
 * Rejects with `invalid_input` (names field and value), `not_found`, `already_exists`, `unavailable` (the key store is locked, a
 * tool is missing), `conflict` (in use, or changed meanwhile), `disk_failed`, `request_failed` (a server said no).
 */
export interface CertificateResults extends CertificateFileResults {
  getCertificates: CertificateStoreInfo;
  createCa: CertificateInfo;
  issueCertificate: CertificateInfo;
  renewCertificate: RenewResult;
  revokeCertificate: CertificateInfo;
  setCertificateRenewal: CertificateInfo;
  deleteCertificate: null;
  getCertificateDetails: CertificateDetails;
  getRevocationList: RevocationListInfo;
  unlockKeyStore: CertificateStoreInfo;
  protectKeyStore: CertificateStoreInfo;
  checkServedCertificate: ServedCheck;
  getTrustStatus: TrustStatus;
  changeTrust: TrustChange;
  getCaDownload: CaDownloadState;
  startCaDownload: CaDownloadState;
  stopCaDownload: CaDownloadState;
  getAcme: AcmeState;
  getAcmeDirectory: AcmeDirectoryInfo;
  createAcmeAccount: AcmeAccount;
  deleteAcmeAccount: null;
  startAcmeOrder: AcmeOrder;
  continueAcmeOrder: AcmeOrder;
  cancelAcmeOrder: null;
}

export interface CertificateEvents {
  'certificates.changed': CertificateStoreInfo;
  'trust.progress': TrustProgress;
  'caDownload.changed': CaDownloadState;
  'acme.changed': AcmeState;
}
