// Reads a capture file line by line. Nothing in it is believed: every line passes its schema, numbers must rise, everything
// has a bound, and what is wrong is told with its line. Gives the page its turn in between.
import { type CaptureHeader, parseCaptureHeader } from '../../main/contract/captureFile';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { parseFlowEvent } from '../../main/contract/flowEventSchema';

export interface ReadCapture {
  /** null = a log of `serve --events`, which has none. */
  readonly header: CaptureHeader | null;
  /** At least one. */
  readonly events: readonly FlowEvent[];
  /** The last line is cut, because whoever wrote it was stopped; it was left out. null = none. */
  readonly cutLine: number | null;
}

export class CaptureFileError extends Error {
  override readonly name = 'CaptureFileError';
  constructor(
    /** Counted from 1. */
    readonly line: number,
    readonly what: string,
  ) {
    super(`line ${line}: ${what}`);
  }
}

export interface ReadOptions {
  /** Called now and then with the share that is read, 0 to 1; waited for. */
  readonly onTurn?: (share: number) => Promise<void>;
  readonly maxEvents?: number;
}

const linesPerTurn = 500;
const defaultMaxEvents = 500_000;

/** Rejects with a CaptureFileError. */
export async function readCaptureFile(text: string, options: ReadOptions = {}): Promise<ReadCapture> {
  const { onTurn, maxEvents = defaultMaxEvents } = options;
  const events: FlowEvent[] = [];
  let header: CaptureHeader | null = null;
  let cutLine: number | null = null;
  let line = 0;
  for (let from = text.startsWith('\uFEFF') ? 1 : 0; from < text.length; ) {
    if (++line % linesPerTurn === 0) await onTurn?.(from / text.length);
    const end = text.indexOf('\n', from);
    const row = text.slice(from, end === -1 ? text.length : end).trim();
    from = end === -1 ? text.length : end + 1;
    if (row === '') continue;
    const value = parseJson(row);
    if (value === notJson) {
      if (end !== -1 || events.length === 0) throw new CaptureFileError(line, describeNoJson(row, line));
      cutLine = line;
      break;
    }
    const found = parseCaptureHeader(value);
    if (found !== null) {
      if (typeof found === 'string') throw new CaptureFileError(line, found);
      if (line > 1) throw new CaptureFileError(line, 'a second header: two files were put together');
      header = found;
      continue;
    }
    events.push(eventOf(value, line, events.at(-1)));
    if (events.length > maxEvents) throw new CaptureFileError(line, `more than ${maxEvents} events`);
  }
  if (events.length === 0) throw new CaptureFileError(Math.max(1, line), 'there is no event in the file');
  return { header, events, cutLine };
}

function eventOf(value: unknown, line: number, before: FlowEvent | undefined): FlowEvent {
  const event = parseFlowEvent(value);
  if (typeof event === 'string') throw new CaptureFileError(line, event);
  if (before !== undefined && event.seq <= before.seq) {
    throw new CaptureFileError(line, `"seq" is ${event.seq} after ${before.seq}: it must rise`);
  }
  return event;
}

const notJson = Symbol('not JSON');

function parseJson(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return notJson;
  }
}

function describeNoJson(row: string, line: number): string {
  const start = row.length > 40 ? `${row.slice(0, 40)}…` : row;
  return line === 1
    ? `this is no capture file: every line of one is a JSON object, this one begins ${start}`
    : `not JSON, cut or broken: ${start}`;
}
