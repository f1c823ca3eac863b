// What cache and compress do with a response, in the order of the route's filters: from where it comes (the endpoint,
// or the cache) outward to the client. Ends in one set of head edits and a chain of body stages.
import type { HeaderChange, RawHeaders } from '../../contract/flowEvent';
import type { HeaderEdits } from '../compiledConfig';
import { layeredEdits } from '../filter/headerEdits';
import { type BodyStage, ClientStage } from './bodyStage';
import { offerToCache } from './cacheStoring';
import { type CompressionPlan, planCompression } from './compression';
import { CompressStage } from './compressStage';
import type { Exchange } from './exchange';
import { changesBetween, recordFilterApplied } from './httpRecords';
import { editedFields } from './storedHead';

export interface ShapedResponse {
  readonly status: number;
  readonly reason: string;
  /** Without framing and hop-by-hop fields. */
  readonly headers: RawHeaders;
  /** −1 = not known beforehand. */
  readonly length: number;
  readonly isBodiless: boolean;
  /** Filters behind the cache had their turn when it was stored. */
  readonly isFromCache: boolean;
}

export interface ResponseShape {
  readonly edits: HeaderEdits | null;
  /** The fields after what stages changed, before the edits of header filters. */
  readonly stagedHeaders: RawHeaders;
  readonly isCompressed: boolean;
  /** The length of the body stays what it was. */
  readonly stage: BodyStage;
  /** Cache-Status; '' = the cache has nothing to say, or has said it. */
  readonly cacheLine: string;
}

export function shapeResponse(exchange: Exchange, response: ShapedResponse): ResponseShape {
  const { compression } = exchange;
  const route = exchange.route!;
  const place = route.cache;
  const isInner = compression !== null && (place === null || compression.position > place.position);
  const plan = compression === null || (isInner && response.isFromCache) ? null : planOf(exchange, response);
  const staged = plan?.edits ?? null;
  const stagedHeaders = editedFields(response.headers, staged);
  let stage: BodyStage = new ClientStage(exchange);
  if (plan !== null && !isInner) stage = compressing(exchange, response, plan, stage);
  let edits: HeaderEdits | null;
  let cacheLine = '';
  if (place === null) edits = layeredEdits(staged, route.responseEdits);
  else {
    const inner = response.isFromCache ? null : layeredEdits(isInner ? staged : null, place.innerEdits);
    const outer = layeredEdits(isInner ? null : staged, place.outerEdits);
    if (!response.isFromCache) {
      const kept = editedFields(response.headers, inner);
      const offer = offerToCache(exchange, { ...response, headers: kept }, stage);
      stage = offer.stage;
      cacheLine = offer.line;
    }
    edits = layeredEdits(inner, outer);
  }
  if (plan !== null && isInner) stage = compressing(exchange, response, plan, stage);
  return { edits, stagedHeaders, isCompressed: plan !== null && plan.coding !== null, stage, cacheLine };
}

function planOf(exchange: Exchange, response: ShapedResponse): CompressionPlan {
  const plan = planCompression(exchange.head, exchange.compression!, response);
  const isDecided = plan.coding === null || response.isBodiless;
  if (isDecided && exchange.emitter.isWatched) recordCompression(exchange, response, plan, plan.reason);
  return plan;
}

function compressing(
  exchange: Exchange,
  response: ShapedResponse,
  plan: CompressionPlan,
  next: BodyStage,
): BodyStage {
  const { coding } = plan;
  if (coding === null || response.isBodiless) return next;
  const flushes = response.length === -1;
  return new CompressStage(coding, flushes, exchange, next, (bytesIn, bytesOut) => {
    if (!exchange.emitter.isWatched) return;
    const share = bytesIn === 0 ? 100 : Math.round((bytesOut / bytesIn) * 100);
    const detail = `${bytesIn} bytes became ${bytesOut} with ${coding} (${share} %)`;
    recordCompression(exchange, response, plan, detail);
  });
}

function recordCompression(
  exchange: Exchange,
  { headers }: ShapedResponse,
  { edits }: CompressionPlan,
  detail: string,
): void {
  const { emitter, flowId, host, compression } = exchange;
  const otherChanges: HeaderChange[] = changesBetween(headers, editedFields(headers, edits));
  recordFilterApplied(emitter, flowId, host.connectionId, {
    before: '',
    filters: exchange.route!.filters,
    position: compression!.position,
    direction: 'response',
    otherChanges,
    detail,
  });
}
