// "Send through both": a small engine of its own beside the running one, with two listeners that lead to one sample server.
// The workspace and what runs of it stay as they are; the events go into the same log, so both flows are in the same list.
import { parseCertificateNames } from '../../certs/certificateNames';
import { quickAuthority, quickLeaf } from '../../certs/quickAuthority';
import type { ApiParsedInput, BoundListener } from '../../contract/api';
import { AppError } from '../../contract/appError';
import type { SentWay } from '../../contract/bothApi';
import { type ClientRequestInput, clientRequestSchema } from '../../contract/clientRequest';
import { parseWorkspace } from '../../contract/validateConfig';
import type { CertificateMap } from '../../engine/certificateContexts';
import { Engine } from '../../engine/engine';
import type { FlowEmitter } from '../../engine/flowEmitter';
import { startSend } from '../client/client';
import type { SampleServers } from '../sampleServers';
import { bothCertificate, type PairPlan, pairPlans, sampleAuthority } from './pairs';

export interface BothParts {
  /** Of the running engine: its numbers name the flows, its capture settings hold. */
  readonly emitter: FlowEmitter;
  readonly samples: SampleServers;
}

type BothInput = ApiParsedInput<'sendThroughBoth'>;

const drainMs = 500;

/** Rejects with `unavailable` when a server or a listener cannot be had. Aborted = the send under way is cancelled. */
export async function sendBoth(
  input: BothInput,
  parts: BothParts,
  signal: AbortSignal,
): Promise<{ a: SentWay; b: SentWay }> {
  const plan = pairPlans[input.pair];
  const [sample] = await parts.samples.start([plan.sample]);
  if (sample?.state !== 'running') {
    throw new AppError('unavailable', `the sample server ${plan.sample} does not run: ${sample?.problem}`);
  }
  const { certificates, trusted } = await certificatesFor(plan, parts.samples);
  const { emitter } = parts;
  const { workspace, issues } = parseWorkspace(plan.document({ address: sample.address, port: sample.port }));
  if (workspace === null) throw new Error(`the pair ${input.pair} is no workspace: ${issues[0]?.message}`);
  const sendBy = async (engine: Engine, sent: BothInput) => {
    try {
      const outcome = await engine.apply({ revision: 1, workspace, certificates });
      if (!outcome.ok) throw new AppError('unavailable', outcome.issues[0]?.message ?? 'it cannot be run');
      const reach = { listeners: outcome.listeners, trusted };
      const send = (listener: string) => sendOne(sent, plan, listener, reach, signal);
      // One after the other, so that neither makes the other wait.
      const ways = { a: await send(plan.a), b: await send(plan.b) };
      await untilClientsLeft(engine, plan);
      return ways;
    } finally {
      await engine.close({ drainMs });
    }
  };
  // Whoever is first pays for what is loaded and compiled at its first use: so both go once before, and nobody is told.
  await sendBy(new Engine(), { ...input, pieces: 1, pieceBytes: 1, pauseMs: 0 });
  return sendBy(new Engine({ sharedEmitter: emitter }), input);
}

/** Milliseconds. */
const longestLeaving = 250;

/** The client closes its connections; were the engine closed before, it would look as if Hopscope did. */
async function untilClientsLeft({ metrics }: Engine, { a, b }: PairPlan): Promise<void> {
  const deadline = Date.now() + longestLeaving;
  const isOpen = () => [a, b].some((id) => metrics.counters('listener', id).openConnections > 0);
  while (isOpen() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
}

interface Reach {
  readonly listeners: readonly BoundListener[];
  readonly trusted: readonly string[];
}

async function sendOne(
  input: BothInput,
  plan: PairPlan,
  listener: string,
  { listeners, trusted }: Reach,
  signal: AbortSignal,
): Promise<SentWay> {
  const request: ClientRequestInput = {
    target: { listener },
    tls: plan.isTls ? { serverName: plan.hostname, alpn: ['http/1.1'] } : null,
    message: {
      kind: 'http',
      method: 'POST',
      hostname: plan.hostname,
      path: `/both/${input.pair}`,
      headers: [['User-Agent', 'hopscope']],
      body: { kind: 'fill', bytes: input.pieces * input.pieceBytes },
      pieces: {
        split: { by: 'size', bytes: input.pieceBytes },
        headApart: true,
        pauseMs: input.pauseMs,
      },
    },
    ...(plan.requests === 1 ? {} : { repeat: { times: plan.requests } }),
  };
  const context = { listeners, trustedCertificates: trusted, clientCertificate: () => null };
  if (signal.aborted) throw new AppError('unavailable', 'it was cancelled');
  const send = startSend(clientRequestSchema.parse(request), context);
  const cancel = () => send.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const result = await send.result;
  signal.removeEventListener('abort', cancel);
  const clientPort = result.clientPorts.at(-1);
  if (clientPort === undefined) throw new AppError('unavailable', result.problem ?? 'nothing could be sent');
  return { listener, clientPort, requests: plan.requests, result };
}

/** The terminating way shows a certificate made for this one call. */
async function certificatesFor(
  plan: PairPlan,
  samples: SampleServers,
): Promise<{ readonly certificates: CertificateMap; readonly trusted: readonly string[] }> {
  const trusted = samples.trustedCertificates();
  if (!plan.isTls) return { certificates: new Map(), trusted };
  const now = Date.now();
  const authority = await quickAuthority('Hopscope send through both', now);
  const leaf = await quickLeaf(authority, parseCertificateNames([plan.hostname]), 1, now);
  const certificates: CertificateMap = new Map([
    [
      bothCertificate,
      {
        certificateChainPem: leaf.certificatePem,
        privateKeyPem: leaf.privateKeyPem,
        dnsNames: [plan.hostname],
      },
    ],
    [sampleAuthority, { certificateChainPem: trusted.join('\n'), privateKeyPem: null, dnsNames: [] }],
  ]);
  return { certificates, trusted: [...trusted, authority.certificatePem] };
}
