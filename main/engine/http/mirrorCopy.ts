// Copies a request while it is passed on, and sends the copies when it is whole. Never in the way of the request: what
// is too large, too much at once or impossible is dropped, and an event says so.

import { transportOf } from '../upstream/upstreamTransport';
import { ChunkPiece } from './chunkedScanner';
import { clientIdentity } from './clientIdentity';
import type { Exchange } from './exchange';
import { forwardedRequestHead } from './forwardedRequestHead';
import { hostnameOf } from './hostField';
import { BodyKind } from './messageBody';
import { type MirrorBudget, mirrorBudgetOf } from './mirrorBudget';
import { recordRequestMirrored } from './mirrorRecords';
import { MirrorRequest } from './mirrorRequest';
import { pickRequestOf } from './pickRequestOf';

/** A request with a larger body is not mirrored. */
const longestBody = 1_048_576;
const noBody = Buffer.alloc(0);

interface MirrorTarget {
  readonly pool: string;
  /** Of the filter, in its route. */
  readonly index: number;
}

export class MirrorCopy {
  readonly #targets: MirrorTarget[] = [];
  readonly #budget: MirrorBudget;
  #body: Buffer = noBody;
  #length = 0;
  #takenBytes = 0;
  #isOver = false;

  constructor(private readonly exchange: Exchange) {
    this.#budget = mirrorBudgetOf(exchange.context);
  }

  /** `index` of the filter that asked for it. */
  addPool(pool: string, index: number): void {
    this.#targets.push({ pool, index });
  }

  /** Part of the body, just read. */
  take(buffer: Buffer, start: number, end: number): void {
    if (this.#isOver) return;
    const body = this.exchange.host.requestBody;
    if (body.kind !== BodyKind.chunked) this.#append(buffer, start, end);
    else {
      const { pieces, pieceCount } = body.scanner;
      for (let slot = 0; slot < pieceCount * 3 && !this.#isOver; slot += 3) {
        if (pieces[slot] === ChunkPiece.data) this.#append(buffer, pieces[slot + 1]!, pieces[slot + 2]!);
      }
    }
  }

  /** The request is whole and on its way. */
  send(): void {
    if (this.#isOver) return;
    if (this.exchange.head.upgrade !== '') {
      this.drop('a request to change the protocol is not mirrored');
      return;
    }
    this.#isOver = true;
    const body = this.#body.subarray(0, this.#length);
    const release = this.#releaseWhenAllDone();
    for (const target of this.#targets) {
      const problem = this.#sendTo(target, body, release.forOne());
      if (problem !== null) this.#record(target, null, problem);
    }
    release.seal();
  }

  /** It will not be sent; no effect once it was. */
  drop(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body = noBody;
    this.#budget.giveBytes(this.#takenBytes);
    for (const target of this.#targets) this.#record(target, null, reason);
  }

  /** null = on its way; else why not. `done` is called in both cases, once. */
  #sendTo(target: MirrorTarget, body: Buffer, done: () => void): string | null {
    const { exchange } = this;
    const pool = exchange.config.pools.get(target.pool);
    const pick =
      pool === undefined ? null : exchange.context.pools.runtime(pool).pick(pickRequestOf(exchange, pool));
    if (pool === undefined || pick === null) {
      done();
      return 'the pool has no endpoint that can take it';
    }
    if (!this.#budget.takeCopy()) {
      done();
      return 'too many copies are under way';
    }
    const { endpoint } = pick;
    const askedName = hostnameOf(exchange.hostOverride ?? exchange.head.host) ?? '';
    const { connectionId, client: source, destination } = exchange.host;
    const client = { connectionId, source, destination };
    const message = {
      listenerId: exchange.listenerId,
      head: this.#head(endpoint.compiled.authority, body),
      body,
      transport: transportOf(pool, endpoint.compiled, askedName, client),
    };
    const finish = () => {
      this.#budget.sending.delete(request);
      this.#budget.giveCopy();
      done();
    };
    const request = new MirrorRequest(exchange.context, endpoint, message, finish);
    if (!request.begin(pool)) {
      finish();
      return `${endpoint.compiled.key} has no connection to spare`;
    }
    this.#budget.sending.add(request);
    this.#record(target, endpoint.compiled.key, 'the answer is not waited for');
    return null;
  }

  #head(fallbackHost: string, body: Buffer): string {
    const { head, target, hostOverride, host, route } = this.exchange;
    return forwardedRequestHead(head, {
      target,
      hostOverride,
      fallbackHost,
      clientAddress: host.client.address,
      identity: clientIdentity(this.exchange),
      isTls: host.isTls,
      edits: route!.requestEdits,
      contentLength: head.hasBody ? body.length : head.framing.contentLength,
      isChunked: false,
      dropsExpect: true,
      closesAfter: true,
    });
  }

  /** The body's bytes are given back when the last copy is done. */
  #releaseWhenAllDone(): { forOne(): () => void; seal(): void } {
    let open = 1;
    const close = () => {
      if (--open === 0) this.#budget.giveBytes(this.#takenBytes);
    };
    return {
      forOne: () => {
        open++;
        return close;
      },
      seal: close,
    };
  }

  #append(buffer: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > longestBody) {
      this.drop(`the body is larger than ${longestBody} bytes`);
      return;
    }
    if (needed > this.#body.length && !this.#grow(needed)) {
      this.drop('too many bytes are being copied');
      return;
    }
    buffer.copy(this.#body, this.#length, start, end);
    this.#length = needed;
  }

  #grow(needed: number): boolean {
    const size = Math.min(longestBody, Math.max(4096, needed, this.#body.length * 2));
    if (!this.#budget.takeBytes(size - this.#body.length)) return false;
    this.#takenBytes = size;
    const grown = Buffer.allocUnsafeSlow(size);
    this.#body.copy(grown, 0, 0, this.#length);
    this.#body = grown;
    return true;
  }

  #record({ pool, index }: MirrorTarget, endpoint: string | null, reason: string): void {
    const { emitter, flowId, host } = this.exchange;
    const outcome = endpoint === null ? 'dropped' : 'sent';
    recordRequestMirrored(emitter, flowId, host.connectionId, {
      mirrorPool: pool,
      mirrorEndpoint: endpoint,
      outcome,
      reason,
      index,
    });
  }
}
