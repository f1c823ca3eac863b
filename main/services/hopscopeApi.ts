// The calls of contract/api.ts on top of the running parts; one connection per UI. Inputs come checked (transport/session).
import type { CertificateService } from '../certs/certificateService';
import type { ApiMethod, ApiParsedInput, ApiResults, AppInfo } from '../contract/api';
import { AppError } from '../contract/appError';
import { parseWorkspace } from '../contract/validateConfig';
import { compileWorkspace } from '../engine/compile';
import type { Engine } from '../engine/engine';
import { type ExplainedRequest, type Explanation, explainRequest } from '../engine/routing/explainRequest';
import type { ClientContext } from '../lab/client/client';
import type { SampleServers } from '../lab/sampleServers';
import type { ApiClient, ApiConnection, OpenApi } from '../transport/session';
import type { AccessLogKeeper } from './accessLogKeeper';
import type { ApiHandlers, TellAll } from './apiHandlers';
import { type BothSends, connectBoth } from './bothHandlers';
import { type CaptureParts, captureHandlers } from './captureHandlers';
import { certificateHandlers } from './certificateHandlers';
import { type CertificateHelperParts, pushCertificateChanges } from './certificateHelpers';
import { type ClientSends, connectClient } from './clientHandlers';
import { type FlowPush, startFlowPush } from './flowPush';
import { type OfferedCapture, offeredCaptureHandlers } from './offeredCapture';
import { TrafficWindow } from './trafficWindow';
import { connectWorkspace, type WorkspaceConnection, type WorkspaceParts } from './workspaceHandlers';

export interface ApiParts extends WorkspaceParts, CertificateHelperParts, CaptureParts {
  readonly info: AppInfo;
  readonly engine: Engine;
  readonly certificates: CertificateService;
  readonly samples: SampleServers;
  readonly accessLog: AccessLogKeeper;
  readonly offeredCapture: OfferedCapture;
  /** Absent = this host has no clipboard of its own; the UI uses the browser's. */
  readonly copyText?: (text: string) => Promise<void> | void;
}

type Handlers = ApiHandlers<ApiMethod>;

/** Makes a connection for each UI; they share the parts and are told about each other's changes. */
export function createApi(parts: ApiParts): OpenApi {
  const clients = new Set<ApiClient>();
  const traffic = new TrafficWindow(parts.engine.metrics);
  const tellAll: TellAll = (name, payload) => {
    for (const client of clients) client.push(name, payload);
  };
  parts.config.onChange((running) => tellAll('config.changed', running));
  parts.engine.onHealthChange(() => {
    if (clients.size > 0) tellAll('health.changed', { endpoints: parts.engine.endpointHealth() });
  });
  parts.history.onRecorded((newest) => tellAll('history.changed', { newest }));
  parts.offeredCapture.onOffer((info) => tellAll('capture.offered', info));
  pushCertificateChanges(parts, tellAll);
  const samplesChanged = () => {
    const servers = parts.samples.list();
    tellAll('samples.changed', { servers });
    return { servers };
  };

  return (client) => {
    const flows = new FlowSubscription(parts.engine, client);
    const workspace = connectWorkspace(parts);
    const sends = connectClient(() => clientContext(parts), client);
    const both = connectBoth({ emitter: parts.engine.emitter, samples: parts.samples }, samplesChanged);
    const handlers = makeHandlers(parts, { flows, traffic, workspace, sends, both, tellAll, samplesChanged });
    clients.add(client);
    const connection: ApiConnection = {
      call: (method, input) => handlers[method](input),
      close: () => {
        clients.delete(client);
        flows.stop();
        workspace.close();
        sends.close();
        both.close();
      },
    };
    return connection;
  };
}

interface HandlerContext {
  readonly flows: FlowSubscription;
  readonly traffic: TrafficWindow;
  readonly workspace: WorkspaceConnection;
  readonly sends: ClientSends;
  readonly both: BothSends;
  readonly tellAll: TellAll;
  readonly samplesChanged: () => ApiResults['listSampleServers'];
}

function makeHandlers(
  parts: ApiParts,
  { flows, traffic, workspace, sends, both, tellAll, samplesChanged }: HandlerContext,
): Handlers {
  const { config, samples } = parts;
  return {
    getAppInfo: () => parts.info,
    getRunningConfig: () => config.running(),
    checkConfig: async ({ document }) => ({ issues: await config.check(document) }),
    applyConfig: (input) => config.apply(input),
    explain: (input) => explain(parts.engine, input),
    startSampleServers: async () => {
      const servers = await samples.start();
      samplesChanged();
      return { servers };
    },
    stopSampleServers: async () => {
      await samples.stop();
      samplesChanged();
      return null;
    },
    listSampleServers: () => ({ servers: samples.list() }),
    startSampleServer: async ({ name }) => {
      await samples.start([name]);
      return samplesChanged();
    },
    stopSampleServer: async ({ name }) => {
      await samples.stop([name]);
      return samplesChanged();
    },
    getTraffic: () => traffic.read(performance.now()),
    subscribeFlows: () => flows.start(),
    unsubscribeFlows: () => flows.stop(),
    getCaches: () => ({ caches: parts.engine.caches() }),
    purgeCaches: (selection) => ({
      removed: parts.engine.purgeCaches(selection),
      caches: parts.engine.caches(),
    }),
    getEndpointHealth: () => ({ endpoints: parts.engine.endpointHealth() }),
    ...certificateHandlers(parts, tellAll),
    ...captureHandlers(parts),
    ...offeredCaptureHandlers(parts.offeredCapture),
    ...workspace.handlers,
    ...sends.handlers,
    ...both.handlers,
    getAccessLog: () => parts.accessLog.state(),
    setAccessLog: (settings) => parts.accessLog.set(settings),
    copyText: async ({ text }) => {
      if (parts.copyText === undefined) {
        throw new AppError('unavailable', 'this host has no clipboard; use the one of the browser');
      }
      await parts.copyText(text);
      return null;
    },
  };
}

function explain(
  engine: Engine,
  { document, listener, ...request }: ApiParsedInput<'explain'>,
): ApiResults['explain'] {
  if (document !== undefined) return explainDocument(document, listener, request);
  return explained(listener, () => engine.explain(listener, request));
}

/** Asks the routes of a document that need not run. Throws `not_found`, `invalid_config` or `invalid_input`. */
export function explainDocument(document: unknown, listener: string, request: ExplainedRequest): Explanation {
  const { workspace, issues } = parseWorkspace(document);
  if (workspace === null) {
    throw new AppError('invalid_config', issues[0]?.message ?? 'the workspace is invalid', { issues });
  }
  const config = compileWorkspace({ revision: 0, workspace, tls: new Map() });
  return explained(listener, () => explainRequest(config, listener, request));
}

function explained(listener: string, ask: () => Explanation | null): Explanation {
  try {
    const explanation = ask();
    if (explanation !== null) return explanation;
  } catch (cause) {
    // The engine's way to say that the URL cannot be read.
    if (cause instanceof TypeError) throw new AppError('invalid_input', cause.message, { cause });
    throw cause;
  }
  throw new AppError('not_found', `there is no listener "${listener}"`);
}

/** What the built-in client may reach and whom it trusts, at this moment. */
function clientContext({ engine, certificates, samples }: ApiParts): ClientContext {
  const ca = certificates.info().ca?.certificatePem;
  return {
    listeners: engine.listeners(),
    trustedCertificates: [...(ca === undefined ? [] : [ca]), ...samples.trustedCertificates()],
    clientCertificate: (id) => certificates.material(id),
  };
}

class FlowSubscription {
  #push: FlowPush | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly client: ApiClient,
  ) {}

  /** Again = a new snapshot in place of the old subscription. */
  start(): ApiResults['subscribeFlows'] {
    this.stop();
    this.#push = startFlowPush(this.engine.emitter, {
      push: (events, sampling, unrecordedFlows) =>
        this.client.push('flows.events', { events, sampling, unrecordedFlows }),
      bufferedBytes: () => this.client.bufferedBytes(),
    });
    return this.#push.snapshot;
  }

  stop(): null {
    this.#push?.close();
    this.#push = null;
    return null;
  }
}
