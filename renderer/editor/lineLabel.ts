// What a line says: beside it in few characters, and in words for who points at it, selects it or hears it. Pure.
import { durationWords, type TrafficMark } from './trafficMarks';

export interface LabelLine {
  readonly text: string;
  readonly tone: 'share' | 'rate' | 'detail' | 'errors';
}

export type Figure = readonly [label: string, value: string];

/**
 * The share that was set, then rate, p95, open connections and error share of now. `isSaidByNode`: the node at the line's end
 * belongs to this line alone and shows the same figures.
 */
export function labelLines(
  share: string | null,
  mark: TrafficMark | undefined,
  isSaidByNode: boolean,
): LabelLine[] {
  const lines: LabelLine[] = share === null ? [] : [{ text: share, tone: 'share' }];
  if (mark === undefined || isSaidByNode) return lines;
  if (mark.rate !== '0/s') lines.push({ text: mark.rate, tone: 'rate' });
  if (mark.rate !== '0/s' && mark.latency !== null)
    lines.push({ text: durationWords(mark.latency.p95Ms), tone: 'detail' });
  if ((mark.openConnections ?? 0) > 0) lines.push({ text: `${mark.openConnections} open`, tone: 'detail' });
  if (mark.errors !== null) lines.push({ text: mark.errors.replace('errors', 'err'), tone: 'errors' });
  return lines;
}

/** Every figure of a mark with its name. */
export function markFigures(mark: TrafficMark): Figure[] {
  const { latency, openConnections } = mark;
  return [
    ['Rate', mark.rate],
    ['Errors', mark.errors === null ? 'none' : mark.errors.replace(' errors', '')],
    ...(latency === null
      ? []
      : ([
          ['Half within', durationWords(latency.p50Ms)],
          ['95 % within', durationWords(latency.p95Ms)],
        ] as const)),
    ...(openConnections === null ? [] : ([['Open connections', String(openConnections)]] as const)),
  ];
}

/** For screen readers. */
export function lineWords(share: string | null, mark: TrafficMark | undefined): string | null {
  const parts = [
    ...(share === null ? [] : [`share ${share}`]),
    ...(mark === undefined
      ? []
      : markFigures(mark).map(([label, value]) => `${label.toLowerCase()} ${value}`)),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}
