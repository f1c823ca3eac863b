// What the endpoint of a TLS connection showed and what was agreed with it, for the log.
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { maxChainCertificates, type PeerCertificate } from '../../contract/flowEvent';
import type { TlsEstablishedFields } from '../tlsRecords';

/** Nothing of the chain after a resumed handshake: then no certificate was sent. */
export function peerFacts(
  socket: TLSSocket,
): Pick<TlsEstablishedFields, 'group' | 'peerChain' | 'peerSubject'> {
  const key = socket.getEphemeralKeyInfo();
  const group = key !== null && 'name' in key && typeof key.name === 'string' ? key.name : undefined;
  const chain = chainOf(socket.getPeerCertificate(true));
  const subject = chain[0]?.subject;
  return {
    ...(group === undefined ? {} : { group }),
    ...(subject === undefined ? {} : { peerSubject: subject, peerChain: chain }),
  };
}

function chainOf(leaf: DetailedPeerCertificate): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  // A root is its own issuer.
  while (next?.fingerprint256 !== undefined && chain.length < maxChainCertificates) {
    const current: DetailedPeerCertificate = next;
    chain.push({
      subject: nameOf(current.subject),
      issuer: nameOf(current.issuer),
      names: cut(current.subjectaltname ?? ''),
      validFrom: cut(current.valid_from),
      validTo: cut(current.valid_to),
      serialNumber: cut(current.serialNumber),
      fingerprint: current.fingerprint256,
    });
    next = current.issuerCertificate === current ? undefined : current.issuerCertificate;
    if (next?.fingerprint256 === current.fingerprint256) break;
  }
  return chain;
}

/** { O: 'Shop', CN: 'shop.test' } → "CN=shop.test, O=Shop". */
function nameOf(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${value}`);
  return cut(parts.reverse().join(', '));
}

function cut(text: string): string {
  return text.slice(0, 256);
}
