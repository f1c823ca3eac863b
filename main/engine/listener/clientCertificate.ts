// What a client's certificate says, as far as it may be believed.
import type { TLSSocket } from 'node:tls';
import type { TlsEstablished } from '../../contract/flowEvent';
import { errorCode } from '../upstream/connectError';

export interface ClientCertificate {
  /** In words; null = the connection may go on. */
  readonly refusal: string | null;
  readonly fields: Pick<TlsEstablished, 'verified' | 'peerSubject'>;
}

const maxSubjectLength = 1024;
const nothingAsked: ClientCertificate = { refusal: null, fields: {} };

export function readClientCertificate(
  socket: TLSSocket,
  mode: 'off' | 'request' | 'require',
): ClientCertificate {
  if (mode === 'off') return nothingAsked;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    const refusal = mode === 'require' ? 'the client showed no certificate, and one is required here' : null;
    return { refusal, fields: {} };
  }
  // What tls.Server itself asks of the sockets that it makes.
  const { ssl } = socket as TLSSocket & { readonly ssl?: { verifyError(): Error | null } };
  const error = ssl === undefined ? new Error('it was not checked') : ssl.verifyError();
  const fields = {
    verified: error === null || error === undefined,
    peerSubject: subjectText(certificate.subject),
  };
  if (fields.verified || mode === 'request') return { refusal: null, fields };
  const why = errorCode(error) ?? error?.message ?? 'unknown';
  return { refusal: `the certificate of the client is not accepted: ${words(why)}`, fields };
}

/** One name part a line → RFC 4514, most specific first, in ASCII. */
export function subjectText(subject: string): string {
  const parts = subject.split('\n').filter((part) => part !== '');
  const text = parts
    .map((part) => part.replaceAll(',', '\\,').replaceAll('\\\\,', '\\,'))
    .reverse()
    .join(',');
  const ascii = text.replace(/[^\x20-\x7e]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `\\${byte.toString(16).padStart(2, '0')}`)
      .join(''),
  );
  return ascii.slice(0, maxSubjectLength);
}

function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
