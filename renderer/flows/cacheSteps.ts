// What the cache of a route did, as an arrow between Hopscope and its cache.
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { counted, formatBytes } from '../stores/flowFormat';
import { shorten } from './escapeText';
import type { LineStyle } from './stepBuilder';

export type CacheEvent = FlowEventOf<
  'cache.lookup' | 'cache.stored' | 'cache.notStored' | 'cache.invalidated'
>;

export interface CacheArrow {
  readonly towards: 'cache' | 'proxy';
  readonly line: LineStyle;
  readonly text: string;
}

const reasonLength = 80;

export function cacheArrow(event: CacheEvent): CacheArrow {
  switch (event.kind) {
    case 'cache.stored': {
      const text = `stores ${formatBytes(event.bytes)}, ${freshness(event.freshSeconds)}`;
      return { towards: 'cache', line: 'solid', text };
    }
    case 'cache.notStored':
      return { towards: 'cache', line: 'cross', text: `not stored: ${shorten(event.reason, reasonLength)}` };
    case 'cache.invalidated':
      return {
        towards: 'cache',
        line: 'solid',
        text: `removes ${counted(event.entries, 'entry', 'entries')}: ${event.reason}`,
      };
    default: {
      const isThere = event.result !== 'miss' && event.result !== 'bypass';
      return { towards: 'proxy', line: isThere ? 'dashed' : 'cross', text: lookupText(event) };
    }
  }
}

/** A note over the cache, where an arrow to an endpoint would be expected and none follows; null = one may follow. */
export function cacheNote(event: CacheEvent): string | null {
  if (event.kind !== 'cache.lookup') return null;
  return event.result === 'hit' || event.result === 'stale' ? 'no endpoint is asked' : null;
}

const lookupWords: Record<FlowEventOf<'cache.lookup'>['result'], string> = {
  hit: 'hit',
  stale: 'stale, served all the same',
  expired: 'stored, to be asked about',
  revalidated: 'still right',
  miss: 'miss',
  collapsed: 'wait',
  bypass: 'bypass',
};

/** "hit, 3 s old: fresh for 57 s more". */
function lookupText({ result, reason, ageSeconds }: FlowEventOf<'cache.lookup'>): string {
  const age = ageSeconds === null ? '' : `, ${ageSeconds} s old`;
  return `${lookupWords[result]}${age}: ${shorten(reason, reasonLength)}`;
}

export function freshness(seconds: number): string {
  return seconds > 0 ? `fresh for ${seconds} s` : 'to be asked about at its next use';
}
