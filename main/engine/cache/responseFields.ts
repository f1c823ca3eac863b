import type { RawHeaders } from '../../contract/flowEvent';

/** All values of a field by lower-case name, joined by ", "; undefined = absent. */
export function fieldValue(headers: RawHeaders, lowerCaseName: string): string | undefined {
  let found: string | undefined;
  for (const [name, value] of headers) {
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
    found = found === undefined ? value : `${found}, ${value}`;
  }
  return found;
}

export function hasField(headers: RawHeaders, lowerCaseName: string): boolean {
  return fieldValue(headers, lowerCaseName) !== undefined;
}
