// Certificates as OpenSSL wants them. Contexts are kept from one apply to the next while their material stays the
// same, so that a reload costs nothing and clients can go on resuming their sessions.
import { constants, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Listener, Workspace } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import type { CompiledTls, ServedCertificate } from './compiledConfig';
import { ServedChain } from './servedChain';

export interface CertificateMaterial {
  readonly certificateChainPem: string;
  /** null = none here (the authority: others trust it, nobody serves it). Never part of an event, an issue or a log line. */
  readonly privateKeyPem: string | null;
  readonly dnsNames: readonly string[];
}

export type CertificateMap = ReadonlyMap<string, CertificateMaterial>;

export interface PreparedTls {
  /** By listener id. */
  readonly tls: ReadonlyMap<string, CompiledTls>;
  readonly issues: readonly ConfigIssue[];
}

type MinVersion = CompiledTls['minVersion'];

// Forward secrecy and AEAD only; testssl finds nothing to say against these.
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

interface KnownContext {
  readonly material: CertificateMaterial;
  readonly served: ServedCertificate;
  /** "rsa", "ec", "ed25519". */
  readonly keyType: string;
}

export class CertificateContexts {
  #known = new Map<string, KnownContext>();
  /** By listener and whom it trusts: no ticket of one opens another, nor outlives a change of what is asked of clients. */
  readonly #ticketKeys = new Map<string, Buffer>();

  /** Issues name the listener's field; then the returned map is not complete. */
  prepare(workspace: Workspace, certificates: CertificateMap): PreparedTls {
    const used = new Map<string, KnownContext>();
    const tls = new Map<string, CompiledTls>();
    const issues: ConfigIssue[] = [];
    workspace.listeners.forEach((listener, index) => {
      if (listener.tls === undefined || (listener.protocol !== 'https' && listener.protocol !== 'tls'))
        return;
      const trusted = mode(listener) === 'off' ? [] : listener.tls.clientCertificates.caCertificates;
      trusted.forEach((id, position) => {
        const path = ['listeners', index, 'tls', 'clientCertificates', 'caCertificates', position];
        if (!certificates.has(id)) issues.push({ ...missing(id), path });
      });
      const authorities = trusted.flatMap((id) => certificates.get(id)?.certificateChainPem ?? []);
      const served: KnownContext[] = [];
      listener.tls.certificates.forEach((id, position) => {
        const path = ['listeners', index, 'tls', 'certificates', position];
        const material = certificates.get(id);
        const known = material === undefined ? missing(id) : this.#load(listener, id, material, authorities);
        if ('code' in known) issues.push({ ...known, path });
        else {
          used.set(contextKey(listener, id, authorities), known);
          served.push(known);
        }
      });
      if (served.length > 0) {
        tls.set(listener.id, new ServedCertificates(served, listener.tls.minVersion, mode(listener)));
      }
    });
    if (issues.length === 0) this.#known = used;
    return { tls, issues };
  }

  #load(
    listener: Listener,
    id: string,
    material: CertificateMaterial,
    authorities: readonly string[],
  ): KnownContext | Omit<ConfigIssue, 'path'> {
    const known = this.#known.get(contextKey(listener, id, authorities));
    if (known !== undefined && isSame(known.material, material)) return known;
    const { privateKeyPem } = material;
    if (privateKeyPem === null) return mismatch(id, 'it has no private key here');
    try {
      const key = createPrivateKey(privateKeyPem);
      if (!new X509Certificate(material.certificateChainPem).checkPrivateKey(key)) {
        return mismatch(id, 'its private key belongs to another certificate');
      }
      const context = this.#context(listener, material.certificateChainPem, privateKeyPem, authorities);
      return {
        material,
        served: Object.freeze({ id, context, chain: new ServedChain(material.certificateChainPem) }),
        keyType: key.asymmetricKeyType ?? 'unknown',
      };
    } catch (error) {
      return mismatch(id, error instanceof Error ? error.message : String(error));
    }
  }

  #context(
    listener: Listener,
    chainPem: string,
    keyPem: string,
    authorities: readonly string[],
  ): SecureContext {
    const ticketScope = trustKey(listener, authorities);
    let ticketKeys = this.#ticketKeys.get(ticketScope);
    if (ticketKeys === undefined) {
      ticketKeys = randomBytes(48);
      this.#ticketKeys.set(ticketScope, ticketKeys);
    }
    return createSecureContext({
      cert: chainPem,
      key: keyPem,
      minVersion: listener.tls!.minVersion,
      ciphers,
      honorCipherOrder: true,
      ticketKeys,
      // Without it OpenSSL refuses to resume where client certificates are asked for.
      sessionIdContext: 'hopscope',
      ...(authorities.length === 0 ? {} : { ca: [...authorities] }),
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    });
  }
}

class ServedCertificates implements CompiledTls {
  readonly #byName = new Map<string, ServedCertificate>();
  readonly #first: ServedCertificate;
  readonly hasSeveralKeyTypes: boolean;

  constructor(
    known: readonly KnownContext[],
    readonly minVersion: MinVersion,
    readonly clientCertificates: CompiledTls['clientCertificates'],
  ) {
    this.#first = known[0]!.served;
    this.hasSeveralKeyTypes = new Set(known.map((each) => each.keyType)).size > 1;
    for (const { served, material } of known) {
      for (const name of material.dnsNames) {
        const key = name.toLowerCase();
        if (!this.#byName.has(key)) this.#byName.set(key, served);
      }
    }
  }

  choose(serverName: string | null): ServedCertificate {
    if (serverName === null) return this.#first;
    const name = serverName.toLowerCase();
    const exact = this.#byName.get(name);
    if (exact !== undefined) return exact;
    // A certificate's wildcard stands for one label only (RFC 9525 6.3), unlike a route's.
    const dot = name.indexOf('.');
    return (dot === -1 ? undefined : this.#byName.get(`*${name.slice(dot)}`)) ?? this.#first;
  }
}

function contextKey(listener: Listener, id: string, authorities: readonly string[]): string {
  return `${id} ${listener.tls?.minVersion} ${trustKey(listener, authorities)}`;
}

function trustKey(listener: Listener, authorities: readonly string[]): string {
  return `${listener.id} ${mode(listener)} ${authorities.join()}`;
}

function mode(listener: Listener): CompiledTls['clientCertificates'] {
  return listener.tls?.clientCertificates.mode ?? 'off';
}

function isSame(a: CertificateMaterial, b: CertificateMaterial): boolean {
  return (
    a.certificateChainPem === b.certificateChainPem &&
    a.privateKeyPem === b.privateKeyPem &&
    a.dnsNames.join() === b.dnsNames.join()
  );
}

function missing(id: string): Omit<ConfigIssue, 'path'> {
  return {
    code: 'certificate_missing',
    severity: 'error',
    message: `no certificate "${id}" in the certificate store: issue or import it under this id, or name another one`,
  };
}

function mismatch(id: string, why: string): Omit<ConfigIssue, 'path'> {
  return {
    code: 'certificate_mismatch',
    severity: 'error',
    message: `the certificate "${id}" cannot be served: ${why}. Issue or import it again`,
  };
}
