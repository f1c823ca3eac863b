// CSRs: of ours, whose keys wait here for the answer of a CA, and of others, to be signed by the local CA.

import { createPrivateKey } from 'node:crypto';
import { AppError } from '../contract/appError';
import type { CertificateInfo, CertificateRequestInfo, CertificateWarning } from '../contract/certificate';
import {
  type CreateRequestInput,
  createRequestInputSchema,
  type SignedRequest,
  type SigningRequestPreview,
  type SignRequestInput,
  signRequestInputSchema,
} from '../contract/certificateFiles';
import { createRequest, issueLeaf } from './certificateAuthority';
import { readFiles } from './certificateImport';
import { parseCertificateNames } from './certificateNames';
import { type CertificateService, parseInput } from './certificateService';
import { buildChain, sentChain } from './chainBuilder';
import { belongs, knownIssuers } from './importCandidates';
import { createKeyPair } from './keyPairs';
import { type RequestFacts, readRequest, requestInfoOf } from './requestInfo';
import { defaultRenewal } from './storeFiles';

/** Makes a key and the CSR for it; both stay until the answer is imported. */
export function createCertificateRequest(
  service: CertificateService,
  input: CreateRequestInput,
): Promise<CertificateRequestInfo> {
  return service.store.change(async () => {
    const { id: wantedId, names, keyType, ...subject } = parseInput(createRequestInputSchema, input);
    const parsedNames = parseCertificateNames(names);
    const id = service.chooseId(wantedId, parsedNames);
    const keys = await createKeyPair(keyType);
    const csrPem = await createRequest(keys, parsedNames, {
      ...(subject.country === undefined ? {} : { C: subject.country }),
      ...(subject.state === undefined ? {} : { ST: subject.state }),
      ...(subject.locality === undefined ? {} : { L: subject.locality }),
      ...(subject.organization === undefined ? {} : { O: subject.organization }),
      ...(subject.organizationalUnit === undefined ? {} : { OU: subject.organizationalUnit }),
    });
    const createdAt = new Date(service.now()).toISOString();
    return requestInfoOf(await service.store.addRequest({ id, createdAt, csrPem }, keys.privateKeyPem));
  });
}

/** The answer of the CA takes the place of the CSR. Rejects with `invalid_input` when it is for another key. */
export async function importRequestAnswer(
  service: CertificateService,
  { id, files }: { readonly id: string; readonly files: Parameters<typeof readFiles>[0] },
): Promise<CertificateInfo> {
  const dropped = await readFiles(files, []);
  return service.store.change(async () => {
    const request = waiting(service, id);
    if (request.privateKeyPem === null) {
      throw new AppError('unavailable', request.keyProblem ?? 'the key of this CSR cannot be used');
    }
    const key = createPrivateKey(request.privateKeyPem);
    const facts = dropped.certificates.find((each) => belongs(each, key));
    if (facts === undefined) {
      const unread = dropped.files.find((file) => file.message !== null)?.message;
      const message = `no certificate in the files is for the key of "${id}": was it made from another CSR?`;
      throw new AppError('invalid_input', dropped.certificates.length === 0 ? (unread ?? message) : message);
    }
    const chain = buildChain(
      facts,
      knownIssuers(dropped.certificates, service.store.contents),
      service.now(),
    );
    const held = await service.store.add({
      id,
      kind: 'leaf',
      origin: { type: 'request' },
      renewal: { ...defaultRenewal, isAutomatic: false },
      certificateChainPem: sentChain(chain)
        .map(({ pem }) => pem)
        .join(''),
      privateKeyPem: request.privateKeyPem,
    });
    await service.store.removeRequest(id);
    return service.infoOf(held);
  });
}

export function deleteCertificateRequest(service: CertificateService, id: string): Promise<void> {
  return service.store.change(async () => {
    waiting(service, id);
    await service.store.removeRequest(id);
  });
}

export async function previewSigningRequest(csrBase64: string): Promise<SigningRequestPreview> {
  const request = readRequest(Buffer.from(csrBase64, 'base64'));
  const { subject, dnsNames, ipAddresses, keyType } = request;
  const isSignatureValid = await request.isSignatureValid();
  return { subject, dnsNames, ipAddresses, keyType, isSignatureValid, warnings: warningsOf(request) };
}

/** Rejects with `invalid_input` when who asks does not prove that the key is theirs, or asks for names that cannot be. */
export function signCertificateRequest(
  service: CertificateService,
  input: SignRequestInput,
): Promise<SignedRequest> {
  return service.store.change(async () => {
    const { csrBase64, id: wantedId, names, days } = parseInput(signRequestInputSchema, input);
    const request = readRequest(Buffer.from(csrBase64, 'base64'));
    if (!(await request.isSignatureValid())) {
      throw new AppError(
        'invalid_input',
        'the request is not signed by the key that it is for, so it is not signed here',
      );
    }
    const weak = warningsOf(request).find((warning) => warning.severity === 'error');
    if (weak !== undefined) throw new AppError('invalid_input', weak.message);
    const parsedNames = parseCertificateNames(names ?? namesOf(request));
    const id = service.chooseId(wantedId, parsedNames);
    const ca = await service.signingAuthority(parsedNames);
    const certificatePem = await issueLeaf(ca, request.publicKey, parsedNames, days, service.now());
    const held = await service.store.add({
      id,
      kind: 'leaf',
      origin: { type: 'signed' },
      renewal: { ...defaultRenewal, isAutomatic: false },
      certificateChainPem: certificatePem,
      privateKeyPem: null,
    });
    return {
      certificate: service.infoOf(held),
      chainPem: `${certificatePem.trimEnd()}\n${ca.certificatePem}`,
    };
  });
}

function waiting(service: CertificateService, id: string) {
  const request = service.store.contents.requests.get(id);
  if (request !== undefined) return request;
  throw new AppError('not_found', `no CSR "${id}" waits for an answer`);
}

/** Old tools put the name into the subject only. */
function namesOf({ dnsNames, ipAddresses, commonName }: RequestFacts): string[] {
  const names = [...dnsNames, ...ipAddresses];
  return names.length > 0 || commonName === null ? names : [commonName];
}

function warningsOf({
  keyType,
  keyBits,
  dnsNames,
  ipAddresses,
  commonName,
}: RequestFacts): CertificateWarning[] {
  const found: CertificateWarning[] = [];
  if (keyType.startsWith('RSA') && keyBits < 2048) {
    const message = `its key (${keyType}) is too short: clients refuse less than RSA 2048`;
    found.push({ code: 'weak_key', severity: 'error', message });
  }
  if (dnsNames.length + ipAddresses.length === 0) {
    const has = commonName !== null;
    const message = has
      ? `its name stands in the subject only; "${commonName}" is taken as alternative name`
      : 'it asks for no name: give one';
    found.push({
      code: has ? 'name_only_in_subject' : 'no_names',
      severity: has ? 'info' : 'warning',
      message,
    });
  }
  return found;
}
