// Header fields as people type them: one "name: value" a line.

export type HeaderLines =
  | { readonly kind: 'fields'; readonly fields: [name: string, value: string][] }
  | { readonly kind: 'invalid'; readonly message: string };

/** RFC 9110, section 5.6.2: what a field name may hold. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

export function parseHeaderLines(text: string): HeaderLines {
  const fields: [string, string][] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon === -1 ? undefined : colon).trim();
    if (colon === -1 || !token.test(name)) {
      return { kind: 'invalid', message: `"${line.trim()}" is not a header: write name: value.` };
    }
    fields.push([name, line.slice(colon + 1).trim()]);
  }
  return { kind: 'fields', fields };
}

export function formatHeaderLines(fields: readonly (readonly [name: string, value: string])[]): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n');
}
