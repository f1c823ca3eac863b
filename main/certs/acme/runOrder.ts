// An order from start to certificate (RFC 8555 7.1): order → a challenge for each name → finalize → download.
import type { Authorization, Client, Order } from 'acme-client';
import { type AcmeDnsRecord, acmeChallengePath } from '../../contract/acme';
import type { CertificateKeyType } from '../../contract/certificate';
import { createRequest } from '../certificateAuthority';
import { parseCertificateNames } from '../certificateNames';
import { createKeyPair } from '../keyPairs';
import { answerHttp, answerTls, type ChallengeAnswers, dnsRecord, isRecordVisible } from './challenges';
import type { OrderProgress } from './orderProgress';

export interface RunningOrder {
  readonly client: Client;
  readonly progress: OrderProgress;
  readonly keyType: CertificateKeyType;
  /** All of them answer. */
  readonly answers: readonly ChallengeAnswers[];
}

export interface OrderedCertificate {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

interface Pending {
  readonly authorization: Authorization;
  readonly hostname: string;
  readonly challenge: Authorization['challenges'][number];
  /** As acme-client makes it for this type. */
  readonly key: string;
}

/** Rejects with what the server said, or `CancelledError`. Everything that was put up is taken down again. */
export async function runOrder(running: RunningOrder): Promise<OrderedCertificate> {
  const { client, progress, keyType } = running;
  const { names } = progress.wish;
  const order = await progress.step(
    'order',
    null,
    `ordering a certificate for ${names.join(', ')}`,
    () => client.createOrder({ identifiers: names.map((value) => ({ type: 'dns', value })) }),
    (made) => `the server takes the order (${made.status})`,
  );
  await proveNames(running, order);
  const parsed = parseCertificateNames(names);
  const keys = await createKeyPair(keyType);
  const csr = await createRequest(keys, parsed, {});
  const finalized = await progress.step(
    'finalize',
    null,
    'sending the CSR; its private key stays here',
    () => client.finalizeOrder(order, csr),
    (made) => `the server issues the certificate (${made.status})`,
  );
  const certificateChainPem = await progress.step(
    'download',
    null,
    'fetching the certificate',
    () => client.getCertificate(finalized),
    () => 'the certificate and its chain are here',
  );
  return { certificateChainPem, privateKeyPem: keys.privateKeyPem };
}

async function proveNames(running: RunningOrder, order: Order): Promise<void> {
  const { client, progress } = running;
  const authorizations = await client.getAuthorizations(order);
  const pending: Pending[] = [];
  for (const authorization of authorizations) {
    // Shown before and still believed.
    if (authorization.status === 'valid') continue;
    pending.push(await pendingOf(running, authorization));
  }
  // In the order in which the person gave the names.
  const place = ({ hostname }: Pending) => progress.wish.names.indexOf(hostname);
  pending.sort((a, b) => place(a) - place(b));
  if (progress.wish.challenge === 'dns-01') await proveByDns(running, pending);
  else for (const each of pending) await proveByAnswer(running, each);
}

async function pendingOf({ client, progress }: RunningOrder, authorization: Authorization): Promise<Pending> {
  const type = progress.wish.challenge;
  const { value } = authorization.identifier;
  const hostname = authorization.wildcard === true ? `*.${value}` : value;
  const challenge = authorization.challenges.find((each) => each.type === type);
  if (challenge === undefined) {
    const offered = authorization.challenges.map((each) => each.type).join(', ');
    throw new Error(`the server does not take ${type} for ${hostname}; it offers ${offered}`);
  }
  return {
    authorization,
    hostname,
    challenge,
    key: await client.getChallengeKeyAuthorization(challenge),
  };
}

async function proveByAnswer(running: RunningOrder, pending: Pending): Promise<void> {
  const { progress, answers } = running;
  const { hostname, challenge, key } = pending;
  const isHttp = challenge.type === 'http-01';
  const stop = await progress.step(
    'challenge',
    hostname,
    'putting up the answer',
    () => (isHttp ? answerHttp(answers, challenge.token, key) : answerTls(answers, hostname, key)),
    () =>
      isHttp
        ? `http://${hostname}${acmeChallengePath}${challenge.token} is answered`
        : `handshakes for ${hostname} by acme-tls/1 are answered`,
  );
  try {
    await validate(running, pending);
  } finally {
    stop();
  }
}

/** All records are shown at once: a zone is edited by hand, and that takes time. */
async function proveByDns(running: RunningOrder, pending: readonly Pending[]): Promise<void> {
  if (pending.length === 0) return;
  const { progress } = running;
  const records = pending.map(({ hostname, key }) => dnsRecord(hostname, key));
  await progress.step(
    'challenge',
    null,
    `set ${records.length === 1 ? 'this TXT record' : 'these TXT records'}, then continue`,
    () => progress.waitForRecords(records),
    () => 'the records are set, you say',
  );
  progress.showRecords(await lookUp(records));
  for (const each of pending) await validate(running, each);
}

function lookUp(records: readonly AcmeDnsRecord[]): Promise<AcmeDnsRecord[]> {
  return Promise.all(
    records.map(async (record) => ({ ...record, isVisible: await isRecordVisible(record) })),
  );
}

async function validate(
  { client, progress }: RunningOrder,
  { authorization, hostname, challenge }: Pending,
): Promise<void> {
  await progress.step(
    'validation',
    hostname,
    'the server looks at the answer',
    async () => {
      await client.completeChallenge(challenge);
      await client.waitForValidStatus(authorization);
    },
    () => `the server is convinced that ${hostname} is yours`,
  );
}
