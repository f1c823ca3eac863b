// The three ways to show that a name is ours. Each is put up, and taken down again whatever happens in between.
import { Resolver } from 'node:dns/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { AcmeDnsRecord } from '../../contract/acme';
import { challengeCertificate } from './challengeCertificate';

/** What answers in our name: the engine's listeners. */
export interface ChallengeAnswers {
  /** Returns how to stop. */
  addHttp(token: string, text: string): () => void;
  addTls(hostname: string, context: SecureContext): () => void;
}

export async function answerHttp(
  answers: readonly ChallengeAnswers[],
  token: string,
  keyAuthorization: string,
): Promise<() => void> {
  const stops = answers.map((each) => each.addHttp(token, keyAuthorization));
  return () => {
    for (const stop of stops) stop();
  };
}

export async function answerTls(
  answers: readonly ChallengeAnswers[],
  hostname: string,
  keyAuthorization: string,
): Promise<() => void> {
  const { certificatePem, privateKeyPem } = await challengeCertificate(hostname, keyAuthorization);
  const context = createSecureContext({ cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' });
  const stops = answers.map((each) => each.addTls(hostname, context));
  return () => {
    for (const stop of stops) stop();
  };
}

/** RFC 8555 8.4; a wildcard is shown at the name under it. `value` as acme-client makes it. */
export function dnsRecord(hostname: string, value: string): AcmeDnsRecord {
  return { name: `_acme-challenge.${hostname.replace(/^\*\./, '')}`, type: 'TXT', value, isVisible: null };
}

/** Whether this machine's resolver sees the record; the server may see it earlier or later. */
export async function isRecordVisible({ name, value }: AcmeDnsRecord): Promise<boolean> {
  const resolver = new Resolver({ timeout: 3000, tries: 1 });
  try {
    return (await resolver.resolveTxt(name)).some((parts) => parts.join('') === value);
  } catch {
    return false; // no such name, or no answer: not visible from here
  }
}
