// Asks the endpoint again behind the back of clients, who were given what is stored (RFC 5861 3). It belongs to no flow.
import type { RawHeaders } from '../../contract/flowEvent';
import { validatorLines } from '../cache/conditions';
import { whyNotStored } from '../cache/storability';
import { factsOf, StoredResponse, varyNamesOf } from '../cache/storedResponse';
import type { EngineContext } from '../engineContext';
import { layeredEdits } from '../filter/headerEdits';
import type { Ticking } from '../ticker';
import { connectionPoolOf } from '../upstream/connectionPool';
import { pickBackend } from '../upstream/pickBackend';
import type { EndpointRuntime } from '../upstream/poolRuntimes';
import type { UpstreamHandler, UpstreamLink } from '../upstream/upstreamLink';
import { transportOf, type UpstreamTransport } from '../upstream/upstreamTransport';
import { type CacheQuestion, validationEdits } from './cacheUse';
import { ChunkPiece } from './chunkedScanner';
import { clientIdentity } from './clientIdentity';
import type { Exchange } from './exchange';
import { forwardedRequestHead } from './forwardedRequestHead';
import { hostnameOf } from './hostField';
import { BodyKind, MessageBody } from './messageBody';
import { PartialHead } from './partialHead';
import { pickRequestOf } from './pickRequestOf';
import { newRequestSink } from './requestSink';
import { ResponseHead } from './responseHead';
import { editedFields } from './storedHead';

/** At once, for the whole process. */
const maxRefreshes = 32;
/** One that takes longer is given up. */
const longestMicroseconds = 30_000_000;
const maxHeadBytes = 65_536;

const underWay = new Map<EngineContext, Set<CacheRefresh>>();

/** Begins, unless one for this entry is under way or too many are; then the next client begins one. */
export function refreshStored(exchange: Exchange, question: CacheQuestion, stored: StoredResponse): void {
  const { context, route } = exchange;
  const running = underWay.get(context) ?? new Set<CacheRefresh>();
  if (stored.isRefreshing || running.size >= maxRefreshes) return;
  const pool = pickBackend(route!.backends, context.random)?.pool;
  const pick = pool === undefined ? null : context.pools.runtime(pool).pick(pickRequestOf(exchange, pool));
  if (pool === undefined || pick === null) return;
  const { head, host, target, hostOverride } = exchange;
  const validation = validationEdits(validatorLines(stored));
  const { compiled } = pick.endpoint;
  const askedName = hostnameOf(hostOverride ?? head.host) ?? '';
  const { connectionId, client: source, destination } = host;
  const refresh = new CacheRefresh(context, pick.endpoint, question, stored, {
    listenerId: exchange.listenerId,
    head: forwardedRequestHead(head, {
      target,
      hostOverride,
      fallbackHost: compiled.authority,
      clientAddress: host.client.address,
      identity: clientIdentity(exchange),
      isTls: host.isTls,
      edits: layeredEdits(validation, route!.requestEdits),
      contentLength: -1,
      isChunked: false,
      dropsExpect: true,
      closesAfter: true,
    }),
    transport: transportOf(pool, compiled, askedName, { connectionId, source, destination }),
    onDone: () => running.delete(refresh),
  });
  underWay.set(context, running);
  running.add(refresh);
  if (!connectionPoolOf(context, pick.endpoint).openAny(refresh, pool)) refresh.close();
}

/** The engine closes. */
export function closeRefreshes(context: EngineContext): void {
  for (const refresh of underWay.get(context) ?? []) refresh.close();
  underWay.delete(context);
}

interface RefreshRequest {
  readonly listenerId: string;
  readonly head: string;
  readonly transport: UpstreamTransport | null;
  readonly onDone: () => void;
}

class CacheRefresh implements UpstreamHandler, Ticking {
  readonly flowId = 0;
  readonly listenerId: string;
  readonly transport: UpstreamTransport | null;
  readonly #head = new ResponseHead();
  readonly #body = new MessageBody();
  readonly #requestedAt: number;
  /** Changes of the cache until then. */
  readonly #changes: number;
  readonly #startedAt: number;
  #partial: PartialHead | null = null;
  #hasHead = false;
  #parts: Buffer[] = [];
  #bytes = 0;
  #link: UpstreamLink | null = null;
  #isDone = false;

  constructor(
    private readonly context: EngineContext,
    private readonly endpoint: EndpointRuntime,
    private readonly question: CacheQuestion,
    private readonly stored: StoredResponse,
    private readonly request: RefreshRequest,
  ) {
    this.listenerId = request.listenerId;
    this.transport = request.transport;
    this.#requestedAt = context.clock.wallTime();
    this.#changes = question.cache.changes;
    this.#startedAt = context.emitter.now();
    stored.isRefreshing = true;
    endpoint.activeRequests++;
    context.ticker.add(this);
  }

  close(): void {
    this.#finish('drained');
  }

  onUpstreamWaiting(): void {
    this.#link = null;
  }

  onUpstreamConnecting(link: UpstreamLink): void {
    this.#link = link;
  }

  onUpstreamReady(link: UpstreamLink): void {
    this.#link = link;
    const sink = newRequestSink({ emitter: this.context.emitter, flowId: 0 }, link);
    sink.head(this.request.head, false);
    sink.end('');
  }

  onUpstreamData(buffer: Buffer, length: number): boolean {
    if (this.#hasHead) this.#readBody(buffer, 0, length);
    else {
      this.#partial ??= new PartialHead(buffer, 0, 0);
      this.#partial.append(buffer, 0, length);
      this.#readHead(this.#partial.bytes, this.#partial.length);
    }
    return false;
  }

  onUpstreamEnd(): void {
    // The end of an HTTP/2 stream is a proper end.
    if (this.#hasHead && !this.#isDone && this.#link?.streamId !== 0 && this.#body.readEnd()) this.#take();
    this.#finish('end');
  }

  onUpstreamDrain(): void {
    // The request was handed over at once.
  }

  onUpstreamClosed(): void {
    this.#link = null;
    this.#finish('end');
  }

  onTick(now: number): void {
    if (now - this.#startedAt > longestMicroseconds) this.#finish('idle_timeout');
  }

  #readHead(buffer: Buffer, length: number): void {
    let position = 0;
    for (;;) {
      const after = this.#head.parse(buffer, position, length);
      if (after < 0) {
        if (after !== -1 || length > maxHeadBytes) this.#finish('protocol_error');
        return;
      }
      position = after;
      if (this.#head.status >= 200) break;
    }
    this.#hasHead = true;
    this.#partial = null;
    const { framing } = this.#head;
    const body = this.#body;
    if (this.#head.isBodiless('GET')) body.start(BodyKind.none, 0);
    else if (framing.isChunked) body.start(BodyKind.chunked, 0);
    else if (framing.contentLength !== -1) body.start(BodyKind.length, framing.contentLength);
    else if (this.#link?.streamId !== 0) body.start(BodyKind.untilClose, 0);
    else {
      this.#finish('not_reusable');
      return;
    }
    this.#readBody(buffer, position, length);
  }

  #readBody(buffer: Buffer, start: number, end: number): void {
    const body = this.#body;
    const position = body.isDone ? start : body.read(buffer, start, end);
    if (position < 0) {
      this.#finish('protocol_error');
      return;
    }
    if (body.kind === BodyKind.chunked) {
      const { pieces, pieceCount } = body.scanner;
      for (let slot = 0; slot < pieceCount * 3; slot += 3) {
        if (pieces[slot] === ChunkPiece.data) this.#keep(buffer, pieces[slot + 1]!, pieces[slot + 2]!);
      }
    } else this.#keep(buffer, start, position);
    if (this.#bytes > this.question.cache.maxEntryBytes) this.#finish('not_reusable');
    else if (body.isDone) {
      this.#take();
      this.#finish('not_reusable');
    }
  }

  #keep(buffer: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.#bytes += end - start;
    this.#parts.push(Buffer.from(buffer.subarray(start, end)));
  }

  #take(): void {
    const { stored, question } = this;
    const { status, reason } = this.#head;
    const received = {
      status,
      reason,
      headers: this.#headers(),
      requestedAt: this.#requestedAt,
      receivedAt: this.context.clock.wallTime(),
    };
    const { store } = question.cache;
    if (status === 304) {
      store.freshen(stored, received);
      return;
    }
    if (question.cache.isDoubtful(stored.key, this.#changes)) return;
    // An error leaves what is stored alone: it may be used for as long as it says.
    if (status >= 500 || this.#body.trailers !== '') return;
    const facts = factsOf(received);
    const vary = varyNamesOf(received.headers);
    const asked = { method: 'GET', directives: question.directives, hasAuthorization: false };
    const why = whyNotStored(asked, { status, headers: received.headers, ...facts, vary: vary ?? '*' });
    // The request was the one that chose the stored response, so as long as Vary names the same fields the key stays.
    if (why !== null || vary?.join() !== stored.varyNames.join()) {
      store.remove(stored);
      return;
    }
    const body = Buffer.allocUnsafeSlow(this.#bytes);
    Buffer.concat(this.#parts).copy(body);
    store.put(new StoredResponse(stored.key, stored.varyNames, stored.varyKey, received, facts, body));
  }

  #headers(): RawHeaders {
    const { raw, fields } = this.#head;
    const headers: (readonly [string, string])[] = [];
    for (let index = 0; index < fields.count; index++) {
      headers.push([fields.name(raw, index), fields.value(raw, index)]);
    }
    return editedFields(headers, this.question.place.innerEdits);
  }

  #finish(reason: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.stored.isRefreshing = false;
    this.context.ticker.delete(this);
    this.endpoint.activeRequests--;
    if (this.#link === null) connectionPoolOf(this.context, this.endpoint).stopWaiting(this);
    else this.#link.destroy(reason);
    this.request.onDone();
  }
}
