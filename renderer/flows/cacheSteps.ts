// What the cache of a route did, as arrows between Hopscope and its cache.
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { counted, formatBytes } from '../stores/flowFormat';
import type { LineStyle } from './stepBuilder';

export type CacheEvent = FlowEventOf<
  'cache.lookup' | 'cache.stored' | 'cache.notStored' | 'cache.invalidated'
>;

export interface CacheArrow {
  readonly towards: 'cache' | 'proxy';
  readonly line: LineStyle;
  readonly text: string;
}

/** In order; the last words of an answer that needs no endpoint say so, because no arrow to one follows. */
export function cacheArrows(event: CacheEvent): CacheArrow[] {
  switch (event.kind) {
    case 'cache.stored':
      return [
        {
          towards: 'cache',
          line: 'solid',
          text: `stores ${formatBytes(event.bytes)}, ${freshness(event.freshSeconds)}`,
        },
      ];
    case 'cache.notStored':
      return [{ towards: 'cache', line: 'cross', text: `not stored: ${event.reason}` }];
    case 'cache.invalidated':
      return [
        { towards: 'cache', line: 'solid', text: `removes ${counted(event.entries, 'entry', 'entries')}` },
      ];
    default:
      return lookupArrows(event);
  }
}

/** A note over the cache; null = nothing to add. */
export function cacheNote(event: CacheEvent): string | null {
  if (event.kind !== 'cache.lookup') return null;
  const { result } = event;
  return result === 'hit' || result === 'stale' ? 'no endpoint is asked' : null;
}

function lookupArrows({ result, reason, ageSeconds }: FlowEventOf<'cache.lookup'>): CacheArrow[] {
  const age = ageSeconds === null ? '' : `, ${ageSeconds} s old`;
  if (result === 'revalidated') return [{ towards: 'proxy', line: 'dashed', text: `still right${age}` }];
  const asks: CacheArrow = { towards: 'cache', line: 'solid', text: 'is it stored?' };
  const answers: Record<Exclude<typeof result, 'revalidated'>, string> = {
    hit: `hit${age}`,
    stale: `stale, served all the same${age}`,
    expired: `stored, must be asked about${age}`,
    miss: `miss: ${reason}`,
    collapsed: 'wait: somebody asks the same already',
    bypass: `not for the cache: ${reason}`,
  };
  return [asks, { towards: 'proxy', line: 'dashed', text: answers[result] }];
}

export function freshness(seconds: number): string {
  return seconds > 0 ? `fresh for ${seconds} s` : 'to be asked about at its next use';
}
