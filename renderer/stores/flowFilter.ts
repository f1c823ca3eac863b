// The filter language of the flow list: words separated by spaces, all must hold; "-" in front turns one round.
//   status>=500  took>200ms  bytes>1mb  route:pictures  method:POST  path~^/api  is:reused  "text"  -host:shop.test
// Pure: a text is compiled once into a test of flows, or into the first error with its place.
import type { Flow } from '../../main/contract/flow';
import { flowSearchText } from './flowRow';

export interface FilterError {
  readonly message: string;
  /** Of the word that is wrong. */
  readonly from: number;
  readonly to: number;
}

export type CompiledFilter =
  | { readonly kind: 'filter'; readonly isEmpty: boolean; matches(flow: Flow): boolean }
  | { readonly kind: 'error'; readonly error: FilterError };

type Test = (flow: Flow) => boolean;
type Operator = ':' | '=' | '~' | '>' | '>=' | '<' | '<=';

export interface FilterField {
  readonly name: string;
  readonly type: 'text' | 'number' | 'time' | 'size' | 'state';
  readonly help: string;
  readonly example: string;
}

interface TextField extends FilterField {
  readonly type: 'text';
  read(flow: Flow): string | null;
}
interface NumberField extends FilterField {
  readonly type: 'number' | 'time' | 'size';
  /** Times in microseconds, sizes in bytes. */
  read(flow: Flow): number | null;
}

const textFields: readonly TextField[] = [
  text(
    'host',
    'host name that was asked for, or SNI',
    'host:shop.test',
    (flow) => flow.hostname ?? flow.serverName,
  ),
  text('path', 'path and query', 'path~^/api/', (flow) => flow.target),
  text('method', 'request method', 'method:POST', (flow) => flow.method),
  text('route', 'route that won', 'route:pictures', (flow) => flow.route),
  text('pool', 'pool that was picked', 'pool:shop', (flow) => flow.pool),
  text('endpoint', 'endpoint that was picked', 'endpoint:127.0.0.1:3000', (flow) => flow.endpoint),
  text('listener', 'listener that took it', 'listener:web', (flow) => flow.listener),
  text('client', "client's address", 'client:127.0.0.1', (flow) => flow.client?.address ?? null),
  text('error', 'code of a failure', 'error:upstream_reset', (flow) => flow.failure?.code ?? null),
  text(
    'protocol',
    'http, tls, tcp or what was upgraded to',
    'protocol:websocket',
    (flow) => flow.upgrade ?? flow.kind,
  ),
];

const numberFields: readonly NumberField[] = [
  number('status', 'number', 'status that the client got', 'status>=500', (flow) => flow.status),
  number(
    'took',
    'time',
    'how long the whole flow took (us, ms, s)',
    'took>200ms',
    (flow) => flow.durationMicroseconds,
  ),
  number(
    'bytes',
    'size',
    'both directions together (b, kb, mb)',
    'bytes>1mb',
    (flow) => flow.requestBytes + flow.responseBytes,
  ),
  number('sent', 'size', 'from the client', 'sent>10kb', (flow) => flow.requestBytes),
  number('received', 'size', 'to the client', 'received>1mb', (flow) => flow.responseBytes),
  number('retries', 'number', 'attempts after the first', 'retries>0', (flow) => flow.retries),
  number('port', 'number', "client's port", 'port=50412', (flow) => flow.client?.port ?? null),
  number('revision', 'number', 'revision of the workspace', 'revision=3', (flow) => flow.revision),
  number('id', 'number', 'number of the flow', 'id=17', (flow) => flow.id),
];

/** What `is:` can ask for. */
export const filterStates: Readonly<Record<string, { readonly help: string; readonly holds: Test }>> = {
  open: { help: 'still going on', holds: (flow) => flow.outcome === 'open' },
  failed: { help: 'failed, aborted or answered 5xx', holds: isFailed },
  aborted: { help: 'cut before its end', holds: (flow) => flow.outcome === 'aborted' },
  reused: {
    help: 'on an upstream connection that was open already',
    holds: (flow) => flow.upstreamConnection === 'reused',
  },
  new: { help: 'on a new upstream connection', holds: (flow) => flow.upstreamConnection === 'new' },
  retried: { help: 'took more than one attempt', holds: (flow) => flow.retries > 0 },
  generated: { help: 'answered by Hopscope itself', holds: (flow) => flow.isGenerated },
  http: { help: 'an HTTP exchange', holds: (flow) => flow.kind === 'http' },
  tls: { help: 'a TLS connection', holds: (flow) => flow.kind === 'tls' },
  tcp: { help: 'a TCP connection', holds: (flow) => flow.kind === 'tcp' },
  websocket: { help: 'upgraded to WebSocket', holds: (flow) => flow.upgrade?.toLowerCase() === 'websocket' },
  partial: { help: 'its first events were lost', holds: (flow) => flow.isPartial },
};

const stateField: FilterField = { name: 'is', type: 'state', help: 'a state', example: 'is:failed' };
export const filterFields: readonly FilterField[] = [...numberFields, ...textFields, stateField];

/** Longest filter that is read, in characters. */
export const maxFilterLength = 500;

export function compileFilter(text: string): CompiledFilter {
  const tests: Test[] = [];
  for (const word of wordsOf(text.slice(0, maxFilterLength))) {
    const test = compileWord(word);
    if ('message' in test)
      return { kind: 'error', error: { message: test.message, from: word.from, to: word.to } };
    tests.push(test.test);
  }
  return {
    kind: 'filter',
    isEmpty: tests.length === 0,
    matches: (flow) => tests.every((test) => test(flow)),
  };
}

/** Quotes taken away; inside them `\\"` is a quote and `\\\\` a backslash. Outside, a backslash is one: patterns need it. */
function unquoted(raw: string): string {
  return raw.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inside: string) => inside.replace(/\\(["\\])/g, '$1'));
}

interface Word {
  readonly from: number;
  readonly to: number;
  readonly isNegated: boolean;
  readonly body: string;
  /** Written in quotes from its first character: text, whatever it looks like. */
  readonly isQuoted: boolean;
  readonly isUnclosed: boolean;
}

/** Splits at spaces outside quotes. Inside quotes `\"` is a quote. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const pattern = /(-?)((?:[^\s"]*"(?:[^"\\]|\\.)*("|$)|[^\s"]+)+)/g;
  for (const found of text.matchAll(pattern)) {
    const raw = found[2]!;
    const isQuoted = raw.startsWith('"');
    const isUnclosed = (raw.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;
    const body = unquoted(raw);
    const isNegated = found[1] === '-' && (body !== '' || isQuoted);
    words.push({
      from: found.index,
      to: found.index + found[0].length,
      isNegated,
      body,
      isQuoted,
      isUnclosed,
    });
  }
  return words;
}

type WordResult = { readonly test: Test } | { readonly message: string };

function compileWord(word: Word): WordResult {
  if (word.isUnclosed) return { message: 'the quote is not closed: add " at the end' };
  const result = word.isQuoted ? { test: containing(word.body) } : compileBare(word.body);
  if ('message' in result || !word.isNegated) return result;
  const { test } = result;
  return { test: (flow) => !test(flow) };
}

function compileBare(body: string): WordResult {
  const found = /^([a-zA-Z]+)(>=|<=|[:=~<>])(.*)$/s.exec(body);
  if (found === null) return { test: containing(body) };
  const [, name = '', operator, value = ''] = found;
  const field = name.toLowerCase();
  if (field === 'is') return compileState(operator as Operator, value);
  const ofText = textFields.find((candidate) => candidate.name === field);
  if (ofText !== undefined) return compileText(ofText, operator as Operator, value);
  const ofNumber = numberFields.find((candidate) => candidate.name === field);
  if (ofNumber !== undefined) return compileNumber(ofNumber, operator as Operator, value);
  // "shop.test:8080" and "a=b" are texts; a name that looks meant as a field is not.
  if (operator === ':' || operator === '=') return { test: containing(body) };
  return { message: `there is no field "${name}"; put the text in quotes to search for it` };
}

function compileState(operator: Operator, value: string): WordResult {
  const state = Object.hasOwn(filterStates, value.toLowerCase())
    ? filterStates[value.toLowerCase()]
    : undefined;
  if ((operator === ':' || operator === '=') && state !== undefined) return { test: state.holds };
  return { message: `"is:" takes one of ${Object.keys(filterStates).join(', ')}` };
}

function compileText(field: TextField, operator: Operator, value: string): WordResult {
  if (value === '') return { message: `"${field.name}" needs a value, like ${field.example}` };
  const wanted = value.toLowerCase();
  if (operator === ':') return { test: (flow) => field.read(flow)?.toLowerCase().includes(wanted) ?? false };
  if (operator === '=') return { test: (flow) => field.read(flow)?.toLowerCase() === wanted };
  if (operator !== '~')
    return { message: `"${field.name}" is a text: use ":" (holds), "=" (is) or "~" (pattern)` };
  try {
    // At most 500 characters and run on texts of the list only; a slow pattern slows nobody but its author.
    const pattern = new RegExp(value, 'i');
    return { test: (flow) => pattern.test(field.read(flow)?.slice(0, 2000) ?? '') };
  } catch {
    return { message: `"${value}" is not a regular expression` };
  }
}

function compileNumber(field: NumberField, operator: Operator, value: string): WordResult {
  if (field.name === 'status' && /^[1-5]xx$/i.test(value) && (operator === ':' || operator === '=')) {
    const first = Number(value[0]);
    return { test: (flow) => flow.status !== null && Math.floor(flow.status / 100) === first };
  }
  const wanted = parseQuantity(value, field.type);
  if (wanted === null)
    return { message: `"${value}" is not ${quantityWords[field.type]}, like ${field.example}` };
  if (operator === '~') return { message: `"${field.name}" is a number: use =, <, >, <= or >=` };
  const compare = comparisons[operator];
  return {
    test: (flow) => {
      const actual = field.read(flow);
      return actual !== null && compare(actual, wanted);
    },
  };
}

const comparisons: Readonly<Record<Exclude<Operator, '~'>, (a: number, b: number) => boolean>> = {
  ':': (a, b) => a === b,
  '=': (a, b) => a === b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

const quantityWords = { number: 'a number', time: 'a time', size: 'a size' } as const;
const timeUnits: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1000,
  '': 1000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
};
const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1_048_576,
  mb: 1_048_576,
  g: 1_073_741_824,
  gb: 1_073_741_824,
};

function parseQuantity(value: string, type: NumberField['type']): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*([a-zµ]*)$/i.exec(value);
  if (found === null) return null;
  const units = type === 'time' ? timeUnits : type === 'size' ? sizeUnits : { '': 1 };
  const unit = (units as Readonly<Record<string, number>>)[found[2]!.toLowerCase()];
  return unit === undefined ? null : Number(found[1]) * unit;
}

function containing(wanted: string): Test {
  const lower = wanted.toLowerCase();
  return (flow) => flowSearchText(flow).includes(lower);
}

function isFailed(flow: Flow): boolean {
  return (
    flow.outcome === 'failed' || flow.outcome === 'aborted' || (flow.status !== null && flow.status >= 500)
  );
}

function text(name: string, help: string, example: string, read: TextField['read']): TextField {
  return { name, type: 'text', help, example, read };
}

function number(
  name: string,
  type: NumberField['type'],
  help: string,
  example: string,
  read: NumberField['read'],
): NumberField {
  return { name, type, help, example, read };
}
