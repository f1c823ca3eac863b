import type { Filter, FilterType } from '../../contract/config';
import type { CompiledFilter, HeaderEdits } from '../compiledConfig';
import type { FilterKind, RunFilter } from './filterKind';
import { filterRegistry } from './filterRegistry';
import { foldHeaderEdits, type HeaderEditList } from './headerEdits';

export interface CompiledFilters {
  readonly filters: CompiledFilter[];
  /** null = no filter edits that head. */
  readonly requestEdits: HeaderEdits | null;
  readonly responseEdits: HeaderEdits | null;
}

/** False = `check` must say "not supported yet". */
export function isSupportedFilter(type: FilterType): boolean {
  return filterRegistry[type] !== null;
}

/** Ready to run. Unsupported filters are left out: validation refuses a workspace that has them. */
export function compileFilters(
  filters: readonly Filter[],
  kept: (position: number) => RunFilter | null = () => null,
): CompiledFilters {
  const requestLists: HeaderEditList[] = [];
  const responseLists: HeaderEditList[] = [];
  const compiled: CompiledFilter[] = [];
  filters.forEach((config, index) => {
    const kind = filterKindOf(config);
    if (kind === null) return;
    compiled.push({ index, config, run: kept(index) ?? kind.start?.(config) ?? null });
    if (kind.requestEdits !== undefined) requestLists.push(kind.requestEdits(config));
    if (kind.responseEdits !== undefined) responseLists.push(kind.responseEdits(config));
  });
  return {
    filters: compiled,
    requestEdits: foldHeaderEdits(requestLists),
    responseEdits: foldHeaderEdits(responseLists),
  };
}

/** The behaviour that belongs to this filter's type. */
export function filterKindOf(config: Filter): FilterKind<Filter> | null {
  // The registry is typed per filter type; TypeScript cannot follow that the key and the value belong together.
  return filterRegistry[config.type] as FilterKind<Filter> | null;
}
