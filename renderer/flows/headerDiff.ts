// Headers as they came beside headers as they were sent on, field by field.
import type { Direction, FlowEvent, FlowEventOf, RawHeaders } from '../../main/contract/flowEvent';

export interface HeaderLine {
  readonly name: string;
  /** null = not there on this side. */
  readonly before: string | null;
  readonly after: string | null;
  readonly change: 'same' | 'changed' | 'added' | 'removed';
  /** Who changed it, in order: "filter 1 (requestHeaders)", "Hopscope itself". */
  readonly by: readonly string[];
}

export interface HeaderComparison {
  readonly title: string;
  readonly cameFrom: string;
  readonly sentTo: string;
  /** Request or status line; null = that head was not seen. */
  readonly startLineBefore: string | null;
  readonly startLineAfter: string | null;
  readonly lines: readonly HeaderLine[];
}

/** Fields in the order in which they came; what was added comes last. Names are compared without case. */
export function compareHeaders(before: RawHeaders, after: RawHeaders): HeaderLine[] {
  const left = after.map(([name, value]) => ({ name, value, key: name.toLowerCase(), isUsed: false }));
  const lines: HeaderLine[] = before.map(([name, value]) => {
    const key = name.toLowerCase();
    const candidates = left.filter((field) => field.key === key && !field.isUsed);
    const match = candidates.find((field) => field.value === value) ?? candidates[0];
    if (match === undefined) return { name, before: value, after: null, change: 'removed', by: [] };
    match.isUsed = true;
    const change = match.value === value ? 'same' : 'changed';
    return { name, before: value, after: match.value, change, by: [] };
  });
  for (const { name, value, isUsed } of left) {
    if (!isUsed) lines.push({ name, before: null, after: value, change: 'added', by: [] });
  }
  return lines;
}

/** Who touched which field in this direction, by lower-case name. */
function changersOf(
  events: readonly FlowEvent[],
  direction: Direction,
): ReadonlyMap<string, readonly string[]> {
  const changers = new Map<string, string[]>();
  for (const event of events) {
    if (event.kind !== 'filter.applied' || event.direction !== direction) continue;
    const who = event.index === null ? 'Hopscope itself' : `filter ${event.index + 1} (${event.filter})`;
    for (const { name } of event.changes) {
      const known = changers.get(name) ?? [];
      if (!known.includes(who)) changers.set(name, [...known, who]);
    }
  }
  return changers;
}

/** Both directions of an exchange. A retry sends several requests: the last one is compared. */
export function headerComparisons(events: readonly FlowEvent[]): HeaderComparison[] {
  const asked = find(events, 'request.head', 'downstream');
  const sent = find(events, 'request.head', 'upstream');
  const answered = find(events, 'response.head', 'upstream');
  const passedOn = find(events, 'response.head', 'downstream');
  const found: HeaderComparison[] = [];
  if (asked !== undefined || sent !== undefined) {
    found.push({
      title: 'Request',
      cameFrom: 'as it came from the client',
      sentTo: 'as it was sent to the endpoint',
      startLineBefore: requestLine(asked),
      startLineAfter: requestLine(sent),
      lines: linesOf(asked?.headers, sent?.headers, changersOf(events, 'request')),
    });
  }
  if (answered !== undefined || passedOn !== undefined) {
    found.push({
      title: 'Response',
      cameFrom: passedOn?.generated === true ? 'made by Hopscope itself' : 'as it came from the endpoint',
      sentTo: 'as it was sent to the client',
      startLineBefore: statusLine(answered),
      startLineAfter: statusLine(passedOn),
      lines: linesOf(answered?.headers, passedOn?.headers, changersOf(events, 'response')),
    });
  }
  return found;
}

// With one side only there is nothing to compare: its fields stand there unmarked.
function linesOf(
  before: RawHeaders | undefined,
  after: RawHeaders | undefined,
  changers: ReadonlyMap<string, readonly string[]>,
): HeaderLine[] {
  if (before !== undefined && after !== undefined) {
    return compareHeaders(before, after).map((line) =>
      line.change === 'same' ? line : { ...line, by: changers.get(line.name.toLowerCase()) ?? [] },
    );
  }
  return (before ?? after ?? []).map(([name, value]) => ({
    name,
    before: before === undefined ? null : value,
    after: after === undefined ? null : value,
    change: 'same',
    by: [],
  }));
}

function find<Kind extends 'request.head' | 'response.head'>(
  events: readonly FlowEvent[],
  kind: Kind,
  leg: 'downstream' | 'upstream',
): FlowEventOf<Kind> | undefined {
  return events.findLast((event) => event.kind === kind && event.leg === leg) as
    | FlowEventOf<Kind>
    | undefined;
}

function requestLine(head: FlowEventOf<'request.head'> | undefined): string | null {
  return head === undefined ? null : `${head.method} ${head.target} ${head.version}`;
}

function statusLine(head: FlowEventOf<'response.head'> | undefined): string | null {
  return head === undefined ? null : `${head.version} ${head.status} ${head.reason}`.trim();
}
