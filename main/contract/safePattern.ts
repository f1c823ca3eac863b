// Regular expressions that a peer's bytes are matched against. JavaScript's engine backtracks and can be held for
// minutes by one request line (CWE-1333), so patterns of routes run here instead: the usual syntax without
// back-references, look-around and word boundaries, as a Thompson automaton. Time is at most
// text length × automaton size, and both are bounded. A pattern must match the whole text.

export interface SafePattern {
  readonly source: string;
  matches(text: string): boolean;
}

export type PatternResult =
  | { readonly ok: true; readonly pattern: SafePattern }
  | { readonly ok: false; readonly reason: string };

const maxStates = 1000;
const maxDepth = 50;

/** Reason texts are ready to be shown behind the pattern. */
export function compilePattern(source: string): PatternResult {
  try {
    return { ok: true, pattern: new Automaton(source, new PatternParser(source).parse()) };
  } catch (error) {
    if (error instanceof PatternError) return { ok: false, reason: error.message };
    throw error;
  }
}

class PatternError extends Error {}

type Test = (code: number) => boolean;
type Node =
  | { readonly type: 'empty' }
  | { readonly type: 'one'; readonly test: Test }
  | { readonly type: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly type: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

const empty: Node = { type: 'empty' };
const isDigit: Test = (code) => code >= 48 && code <= 57;
const isWord: Test = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Test = (code) =>
  (code >= 9 && code <= 13) ||
  code === 32 ||
  code === 0xa0 ||
  code === 0xfeff ||
  code === 0x2028 ||
  code === 0x2029;
const isNotLineBreak: Test = (code) => code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029;
const classEscapes: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
};
const controlEscapes: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Recursive descent over JavaScript's syntax; what is outside the subset is refused with its position. */
class PatternParser {
  #position = 0;
  #depth = 0;

  constructor(private readonly source: string) {}

  parse(): Node {
    const node = this.#choice();
    if (this.#position < this.source.length) this.#fail('has a ")" without "("');
    return node;
  }

  #choice(): Node {
    if (++this.#depth > maxDepth) this.#fail(`nests groups deeper than ${maxDepth}`);
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { type: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#position < this.source.length && !'|)'.includes(this.source[this.#position]!)) {
      parts.push(this.#repeated());
    }
    return parts.length === 1 ? parts[0]! : { type: 'sequence', parts };
  }

  #repeated(): Node {
    const part = this.#atom();
    const [min, max] = this.#quantifier();
    if (min === 1 && max === 1) return part;
    if (part === empty) this.#fail('repeats "^" or "$"');
    this.#take('?'); // lazy or greedy is the same for a whole match
    if ('*+?'.includes(this.source[this.#position] ?? '-')) this.#fail('has two repetitions in a row');
    return { type: 'repeat', part, min, max };
  }

  #quantifier(): [number, number] {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(
      this.source.slice(this.#position, this.#position + 12),
    );
    if (counted === null) return [1, 1];
    this.#position += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : Number(counted[3] ?? Number.POSITIVE_INFINITY);
    if (max < min) this.#fail(`repeats from ${min} down to ${max}`);
    return [min, max];
  }

  #atom(): Node {
    const character = this.source[this.#position++]!;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { type: 'one', test: this.#characterClass() };
      case '.':
        return { type: 'one', test: isNotLineBreak };
      case '\\':
        return { type: 'one', test: this.#escape() };
      case '^':
        if (this.#position !== 1) this.#fail('has "^" elsewhere than at its start');
        return empty;
      case '$':
        if (this.#position !== this.source.length) this.#fail('has "$" elsewhere than at its end');
        return empty;
      case '*':
      case '+':
      case '?':
        return this.#fail(`has "${character}" with nothing to repeat`);
      default:
        return { type: 'one', test: equals(character.charCodeAt(0)) };
    }
  }

  #group(): Node {
    if (this.#take('?')) {
      const isNamed = /^<[A-Za-z_]\w*>/.exec(this.source.slice(this.#position, this.#position + 64));
      if (isNamed !== null) this.#position += isNamed[0].length;
      else if (!this.#take(':')) this.#fail('uses look-around, which is not available in routes');
    }
    const node = this.#choice();
    if (!this.#take(')')) this.#fail('has a "(" without ")"');
    return node;
  }

  #escape(): Test {
    const character = this.source[this.#position++];
    if (character === undefined) this.#fail('ends with a single "\\"');
    const known = classEscapes[character];
    if (known !== undefined) return known;
    return equals(this.#escapedCode(character));
  }

  #escapedCode(character: string): number {
    const control = controlEscapes[character];
    if (control !== undefined) return control;
    if (character === 'x' || character === 'u') {
      const length = character === 'x' ? 2 : 4;
      const digits = this.source.slice(this.#position, this.#position + length);
      if (!/^[0-9a-f]+$/i.test(digits) || digits.length !== length)
        this.#fail(`has a broken "\\${character}"`);
      this.#position += length;
      return Number.parseInt(digits, 16);
    }
    if (/[0-9]/.test(character)) this.#fail('uses a back-reference, which is not available in routes');
    if (/[A-Za-z]/.test(character)) this.#fail(`uses "\\${character}", which is not available in routes`);
    return character.charCodeAt(0);
  }

  #characterClass(): Test {
    const isNegated = this.#take('^');
    const tests: Test[] = [];
    while (!this.#take(']')) {
      if (this.#position >= this.source.length) this.#fail('has a "[" without "]"');
      const low = this.#classMember();
      const isRange =
        this.source[this.#position] === '-' && !['', ']'].includes(this.source[this.#position + 1] ?? '');
      if (!isRange) {
        tests.push(typeof low === 'number' ? equals(low) : low);
        continue;
      }
      this.#position++;
      const high = this.#classMember();
      if (typeof low !== 'number' || typeof high !== 'number')
        return this.#fail('has a class such as \\d in a range');
      if (high < low) this.#fail('has a range that runs backwards');
      tests.push((code) => code >= low && code <= high);
    }
    return (code) => tests.some((test) => test(code)) !== isNegated;
  }

  #classMember(): number | Test {
    const character = this.source[this.#position++];
    if (character === undefined) return this.#fail('has a "[" without "]"');
    if (character !== '\\') return character.charCodeAt(0);
    const escaped = this.source[this.#position++];
    if (escaped === undefined) return this.#fail('ends with a single "\\"');
    if (escaped === 'b') return 8;
    return classEscapes[escaped] ?? this.#escapedCode(escaped);
  }

  #take(character: string): boolean {
    if (this.source[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #fail(what: string): never {
    throw new PatternError(`${what} (at character ${Math.min(this.#position, this.source.length)})`);
  }
}

function equals(wanted: number): Test {
  return (code) => code === wanted;
}

/** State s reads one character if tests[s] is a test, else it leads on to `next` and `other` without reading. */
class Automaton implements SafePattern {
  readonly #tests: (Test | null)[] = [];
  readonly #next: number[] = [];
  readonly #other: number[] = [];
  readonly #start: number;
  readonly #end: number;

  constructor(
    readonly source: string,
    tree: Node,
  ) {
    this.#end = this.#add(null, -1, -1);
    this.#start = this.#build(tree, this.#end);
  }

  matches(text: string): boolean {
    const marks = new Int32Array(this.#tests.length).fill(-1);
    let current: number[] = [];
    let following: number[] = [];
    this.#enter(this.#start, 0, marks, current);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      following.length = 0;
      for (const state of current) {
        if (this.#tests[state]?.(code) === true) this.#enter(this.#next[state]!, index + 1, marks, following);
      }
      if (following.length === 0) return false;
      [current, following] = [following, current];
    }
    return current.includes(this.#end);
  }

  /** Puts a state and all that it leads to without reading into `into`, each once per position. */
  #enter(first: number, position: number, marks: Int32Array, into: number[]): void {
    const open = [first];
    while (open.length > 0) {
      const state = open.pop()!;
      if (state === -1 || marks[state] === position) continue;
      marks[state] = position;
      if (this.#tests[state] !== null || state === this.#end) into.push(state);
      else open.push(this.#other[state]!, this.#next[state]!);
    }
  }

  #add(test: Test | null, next: number, other: number): number {
    if (this.#tests.length >= maxStates) {
      throw new PatternError(`is too large: repetitions written out, it has more than ${maxStates} steps`);
    }
    this.#tests.push(test);
    this.#next.push(next);
    this.#other.push(other);
    return this.#tests.length - 1;
  }

  /** Returns the state from which `node` and then `next` is read. */
  #build(node: Node, next: number): number {
    switch (node.type) {
      case 'empty':
        return next;
      case 'one':
        return this.#add(node.test, next, -1);
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.#build(part, after), next);
      case 'choice':
        return node.parts
          .map((part) => this.#build(part, next))
          .reduce((first, second) => this.#add(null, first, second));
      case 'repeat':
        return this.#buildRepeat(node.part, node.min, node.max, next);
    }
  }

  #buildRepeat(part: Node, min: number, max: number, next: number): number {
    let start = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#add(null, -1, next);
      this.#next[loop] = this.#build(part, loop);
      start = loop;
    } else {
      for (let count = min; count < max; count++) start = this.#add(null, this.#build(part, start), next);
    }
    for (let count = 0; count < min; count++) start = this.#build(part, start);
    return start;
  }
}
