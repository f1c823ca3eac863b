// What the dialog "Send through both" holds, as it is typed, and the request that it stands for. Pure.
import { type BothPair, bothBounds } from '../../../main/contract/bothApi';
import { type Composed, firstComposed } from '../../composer/composed';
import type { Surroundings } from '../../composer/wayOfUrl';
import { type OwnWay, ownWays, targetsOf } from './ownWays';

export interface BothForm {
  readonly pair: BothPair | 'own';
  readonly pieces: string;
  readonly pieceBytes: string;
  readonly pauseMs: string;
  /** Of the own pair. */
  readonly a: string;
  readonly b: string;
  /** `composer` = what the form "Send a request" holds. */
  readonly source: 'chunks' | 'composer';
  readonly method: string;
  /** "host/path" as typed; null = as the ways need it. */
  readonly targetA: string | null;
  readonly targetB: string | null;
  /** Requests on one connection; the last one is compared. */
  readonly requests: string;
  readonly verify: boolean;
}

export const firstBothForm: BothForm = {
  pair: 'layers',
  pieces: '5',
  pieceBytes: '12200',
  pauseMs: '100',
  a: '',
  b: '',
  source: 'chunks',
  method: 'POST',
  targetA: null,
  targetB: null,
  requests: '1',
  verify: true,
};

export interface ChosenWays {
  readonly ways: readonly OwnWay[];
  readonly a: OwnWay;
  readonly b: OwnWay;
  readonly targets: { readonly a: string; readonly b: string };
}

/** The two ways: those chosen, else the first two that differ; null = fewer than two run. */
export function chosenWays(form: BothForm, around: Surroundings): ChosenWays | null {
  const ways = ownWays(around);
  const a = ways.find(({ id }) => id === form.a) ?? ways[0];
  const others = ways.filter((way) => way !== a);
  const b =
    ways.find(({ id }) => id === form.b) ??
    others.find((way) => way.listener.id !== a?.listener.id) ??
    others[0];
  if (a === undefined || b === undefined) return null;
  const needed = targetsOf(a, b);
  const targetA = form.targetA ?? needed.a;
  return {
    ways,
    a,
    b,
    targets: { a: targetA, b: needed.a === needed.b ? targetA : (form.targetB ?? needed.b) },
  };
}

/** What is sent to a target, in the client's form. Numbers are checked where every form of it is. */
export function composedOfBoth(form: BothForm, target: string): Composed {
  const hasBody = form.method !== 'GET';
  const bytes = Number(form.pieces) * Number(form.pieceBytes);
  return {
    ...firstComposed,
    method: form.method,
    url: target,
    headers: 'User-Agent: hopscope',
    body: hasBody ? { kind: 'fill', bytes: String(bytes) } : { kind: 'text', text: '' },
    pieces: {
      ...firstComposed.pieces,
      by: hasBody ? 'size' : 'none',
      size: form.pieceBytes,
      headApart: hasBody,
      pauseMs: form.pauseMs,
    },
    tls: { ...firstComposed.tls, alpn: 'http/1.1', verify: form.verify },
    repeat: { ...firstComposed.repeat, isOn: form.requests !== '1', times: form.requests, perSecond: '' },
  };
}

/** What is wrong with the numbers, naming the field; null = nothing. */
export function numberProblem(form: BothForm): string | null {
  const fields = [
    ['Chunks', form.pieces, 1, bothBounds.pieces],
    ['Bytes of each', form.pieceBytes, 1, bothBounds.pieceBytes],
    ['Pause', form.pauseMs, 0, bothBounds.pauseMs],
    ['Requests', form.requests, 1, mostRequests],
  ] as const;
  for (const [name, text, least, most] of fields) {
    const number = Number(text);
    if (text.trim() === '' || !Number.isInteger(number) || number < least || number > most)
      return `${name}: "${text}" is no whole number from ${least} to ${most.toLocaleString('en')}.`;
  }
  const bytes = Number(form.pieces) * Number(form.pieceBytes);
  if (bytes > bothBounds.bodyBytes)
    return `Chunks × Bytes of each: ${bytes.toLocaleString('en')} bytes are too many: at most ${bothBounds.bodyBytes.toLocaleString('en')}.`;
  const pauses = Number(form.pieces) * Number(form.pauseMs);
  if (pauses > bothBounds.pausesMs)
    return `Chunks × Pause: ${pauses.toLocaleString('en')} ms are too long: at most ${bothBounds.pausesMs.toLocaleString('en')}.`;
  return null;
}

export const mostRequests = 20;
