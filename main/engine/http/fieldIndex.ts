// Header or trailer fields as offsets into the bytes they came in; strings are made only for who asks. One pass,
// strict: RFC 9112 5 with every leniency left out (no obs-fold, no bare CR or LF, no space before the colon).
import { carriageReturn, colon, lineFeed, space, tab, tokenCharacters } from './characters';
import { fieldIdAt } from './fieldId';
import { badMessage, needMore, type Refusal, refused } from './refusal';

const noColon = badMessage('a header line has no valid name followed by a colon');
const badValue = badMessage('a header value has a character that is not allowed');
const bareLineBreak = badMessage('a line does not end with CR LF');
const folded = badMessage('a header line is folded or starts with white space');

const numbersPerField = 5;
const [START, NAME_END, VALUE_START, VALUE_END, ID] = [0, 1, 2, 3, 4] as const;

export class FieldIndex {
  count = 0;
  /** One bit per FieldId that occurs: most of what the proxy looks for is absent, and that is known at one glance. */
  present = 0;
  /** Set when `scan` returned `refused`. */
  refusal: Refusal = noColon;
  /** Where the fields end and the empty line begins, relative to `origin` of the scan. */
  endOfFields = 0;
  #numbers = new Int32Array(32 * numbersPerField);

  /**
   * Scans field lines from `start` up to and with the empty line. Returns the offset behind it, `needMore` or
   * `refused`. Offsets are kept relative to `origin`, the start of the message.
   */
  scan(buffer: Uint8Array, start: number, end: number, origin: number): number {
    let numbers = this.#numbers;
    let position = start;
    let slot = 0;
    let present = 0;
    this.count = 0;
    for (;;) {
      if (position >= end) return needMore;
      const lineStart = position;
      let byte = buffer[position]!;
      if (byte === carriageReturn) {
        if (position + 1 >= end) return needMore;
        if (buffer[position + 1] !== lineFeed) return this.#refuse(bareLineBreak);
        this.endOfFields = lineStart - origin;
        this.count = slot / numbersPerField;
        this.present = present;
        return position + 2;
      }
      let isOdd = false;
      while (tokenCharacters[byte] === 1) {
        if (byte === 0x5f || byte === 0x2e) isOdd = true;
        if (++position >= end) return needMore;
        byte = buffer[position]!;
      }
      if (byte !== colon || position === lineStart) {
        return this.#refuse(nameProblem(byte, position - lineStart));
      }
      const nameEnd = position++;
      while (position < end && isBlank(buffer[position]!)) position++;
      const valueStart = position;
      position = endOfValue(buffer, position, end);
      if (position >= end) return needMore;
      if (buffer[position] !== carriageReturn) return this.#refuse(valueProblem(buffer[position]!));
      if (position + 1 >= end) return needMore;
      if (buffer[position + 1] !== lineFeed) return this.#refuse(bareLineBreak);
      let valueEnd = position;
      while (valueEnd > valueStart && isBlank(buffer[valueEnd - 1]!)) valueEnd--;
      if (slot === numbers.length) numbers = this.#grow();
      const id = fieldIdAt(buffer, lineStart, nameEnd, isOdd);
      present |= 1 << id;
      numbers[slot] = lineStart - origin;
      numbers[slot + 1] = nameEnd - origin;
      numbers[slot + 2] = valueStart - origin;
      numbers[slot + 3] = valueEnd - origin;
      numbers[slot + 4] = id;
      slot += numbersPerField;
      position += 2;
    }
  }

  has(id: number): boolean {
    return (this.present & (1 << id)) !== 0;
  }

  id(index: number): number {
    return this.#numbers[index * numbersPerField + ID]!;
  }

  /** Start of the field line. */
  start(index: number): number {
    return this.#numbers[index * numbersPerField + START]!;
  }

  /** Behind the CR LF of the field line. */
  lineEnd(index: number): number {
    return index + 1 < this.count ? this.#numbers[(index + 1) * numbersPerField + START]! : this.endOfFields;
  }

  name(raw: string, index: number): string {
    const slot = index * numbersPerField;
    return raw.slice(this.#numbers[slot + START]!, this.#numbers[slot + NAME_END]!);
  }

  /** In characters. */
  nameLength(index: number): number {
    const slot = index * numbersPerField;
    return this.#numbers[slot + NAME_END]! - this.#numbers[slot + START]!;
  }

  value(raw: string, index: number): string {
    const slot = index * numbersPerField;
    return raw.slice(this.#numbers[slot + VALUE_START]!, this.#numbers[slot + VALUE_END]!);
  }

  /** All values of a field by lower-case name, joined by ", "; undefined = absent. */
  find(raw: string, lowerCaseName: string): string | undefined {
    let found: string | undefined;
    for (let index = 0; index < this.count; index++) {
      const slot = index * numbersPerField;
      const length = this.#numbers[slot + NAME_END]! - this.#numbers[slot + START]!;
      if (length !== lowerCaseName.length || this.name(raw, index).toLowerCase() !== lowerCaseName) continue;
      // Cookie pairs are joined by "; " (RFC 9113 8.2.3 says so for the one case in which they come apart).
      const separator = lowerCaseName === 'cookie' ? '; ' : ', ';
      found = found === undefined ? this.value(raw, index) : found + separator + this.value(raw, index);
    }
    return found;
  }

  #grow(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.#numbers.length * 2);
    grown.set(this.#numbers);
    this.#numbers = grown;
    return grown;
  }

  #refuse(refusal: Refusal): number {
    this.refusal = refusal;
    return refused;
  }
}

/** The first byte that no field value has. Comparisons, because they beat a table where almost every byte passes. */
function endOfValue(buffer: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end) {
    const byte = buffer[position]!;
    if ((byte < space && byte !== tab) || byte === 0x7f) break;
    position++;
  }
  return position;
}

function isBlank(byte: number): boolean {
  return byte === space || byte === tab;
}

function nameProblem(byte: number, nameLength: number): Refusal {
  if (nameLength === 0 && isBlank(byte)) return folded;
  return byte === lineFeed ? bareLineBreak : noColon;
}

function valueProblem(byte: number): Refusal {
  return byte === lineFeed ? bareLineBreak : badValue;
}
