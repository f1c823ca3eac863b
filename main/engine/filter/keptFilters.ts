// What a filter keeps between requests (tokens, verified credentials) outlives a reload as long as its route's id, its
// place and its settings stay: a saved change elsewhere must not give everybody a full bucket.
import type { HttpRoute } from '../../contract/config';
import type { CompiledConfig } from '../compiledConfig';
import type { RunFilter } from './filterKind';

/** The running filter that this place of the route goes on with; null = it starts anew. */
export type KeptFilters = (route: HttpRoute, position: number) => RunFilter | null;

export const nothingKept: KeptFilters = () => null;

export function keptFilters(earlier: CompiledConfig): KeptFilters {
  const running = new Map<string, RunFilter>();
  for (const listener of earlier.listeners.values()) {
    for (const { config, filters } of listener.httpRoutes.routes) {
      for (const { index, run } of filters) {
        if (run !== null) running.set(nameOf(config, index), run);
      }
    }
  }
  return running.size === 0 ? nothingKept : (route, position) => running.get(nameOf(route, position)) ?? null;
}

/** The how-manieth equal filter of the route, so that a filter put before it does not empty it. */
function nameOf(route: HttpRoute, position: number): string {
  const settings = JSON.stringify(route.filters[position]);
  const earlier = route.filters.slice(0, position).filter((filter) => JSON.stringify(filter) === settings);
  return `${route.id} ${earlier.length} ${settings}`;
}
