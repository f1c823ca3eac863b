import type { Filter } from '../../contract/config';
import type { CachePlace, CompiledFilter, HeaderEdits } from '../compiledConfig';
import type { FilterKind, RunFilter } from './filterKind';
import { filterRegistry } from './filterRegistry';
import { foldHeaderEdits, type HeaderEditList, layeredEdits } from './headerEdits';

export interface CompiledFilters {
  readonly filters: CompiledFilter[];
  /** null = no filter edits that head. */
  readonly requestEdits: HeaderEdits | null;
  readonly responseEdits: HeaderEdits | null;
  /** null = no cache among them. */
  readonly cache: CachePlace | null;
}

/** Ready to run. */
export function compileFilters(
  filters: readonly Filter[],
  kept: (position: number) => RunFilter | null = () => null,
): CompiledFilters {
  const requestLists: HeaderEditList[] = [];
  const responseLists: HeaderEditList[] = [];
  const compiled: CompiledFilter[] = [];
  filters.forEach((config, index) => {
    const kind = filterKindOf(config);
    const run = kept(index) ?? kind.start?.(config) ?? null;
    compiled.push({ index, config, run, recordsItself: kind.recordsItself === true });
    if (kind.requestEdits !== undefined) requestLists.push(kind.requestEdits(config));
    if (kind.responseEdits !== undefined) responseLists.push(kind.responseEdits(config));
  });
  return {
    filters: compiled,
    requestEdits: foldHeaderEdits(requestLists),
    responseEdits: foldHeaderEdits(responseLists),
    cache: placeOfCache(compiled),
  };
}

/** It is for the cache alone (W3C, Edge Architecture Specification). */
const withoutSurrogateControl: HeaderEdits = {
  removedNames: new Set(['surrogate-control']),
  appendedLines: '',
};

function placeOfCache(filters: readonly CompiledFilter[]): CachePlace | null {
  const position = filters.findIndex(({ run }) => run?.cache !== undefined);
  if (position === -1) return null;
  const edits = (of: readonly CompiledFilter[], head: 'requestEdits' | 'responseEdits') =>
    foldHeaderEdits(of.flatMap(({ config }) => filterKindOf(config)[head]?.(config) ?? []));
  const outer = filters.slice(0, position);
  return {
    position,
    innerEdits: edits(filters.slice(position), 'responseEdits'),
    outerEdits: layeredEdits(withoutSurrogateControl, edits(outer, 'responseEdits')),
    hidesAuthorization: edits(outer, 'requestEdits')?.removedNames.has('authorization') === true,
  };
}

/** The behaviour that belongs to this filter's type. */
export function filterKindOf(config: Filter): FilterKind<Filter> {
  // The registry is typed per filter type; TypeScript cannot follow that the key and the value belong together.
  return filterRegistry[config.type] as FilterKind<Filter>;
}
