import type { ImportCandidate } from '../../main/contract/certificateFiles';

export interface ImportChoice {
  readonly fingerprint: string;
  readonly id: string;
  readonly replaces: boolean;
}

/** What is taken of a preview: everything that can be imported and is new, but for what the person unticked. */
export function importSelection(
  candidates: readonly ImportCandidate[],
  refused: ReadonlySet<string>,
): ImportChoice[] {
  return candidates
    .filter((candidate) => canImport(candidate) && !refused.has(candidate.fingerprint))
    .map(({ fingerprint, replaces, suggestedId }) => ({
      fingerprint,
      id: replaces ?? suggestedId,
      replaces: replaces !== null,
    }));
}

export function canImport({ problem, isKnownAs }: ImportCandidate): boolean {
  return problem === null && isKnownAs === null;
}

/** One line on what will become of it. */
export function candidateFate(candidate: ImportCandidate): string {
  if (candidate.problem !== null) return candidate.problem;
  if (candidate.isKnownAs !== null) return `It is in the store already, as ${candidate.isKnownAs}.`;
  if (candidate.answersRequest !== null)
    return `It answers the request ${candidate.answersRequest}: its key waits here.`;
  if (candidate.replaces !== null)
    return `It takes the place of ${candidate.replaces}; listeners switch without dropping a connection.`;
  if (candidate.kind === 'authority')
    return `A CA to trust, as ${candidate.suggestedId}: for client certificates and for pools.`;
  return `It becomes ${candidate.suggestedId}.`;
}
