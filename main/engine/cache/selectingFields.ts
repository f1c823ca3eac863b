// Which request fields chose a response (Vary), and their values in a form in which equal wishes are equal.
// RFC 9111 4.1.

/** `Vary: *`: nothing is known to match. */
export const everything = '*';
/** Lower-case names, sorted, each once. */
export type SelectingNames = readonly string[] | typeof everything;

const nothing: readonly string[] = [];

export function selectingNames(vary: string | undefined): SelectingNames {
  if (vary === undefined) return nothing;
  const names = new Set(
    vary
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  );
  return names.has(everything) ? everything : [...names].sort();
}

/** The values that a request has for these names, as one key. `header` gives a value by lower-case name. */
export function selectingKey(names: readonly string[], header: (name: string) => string | undefined): string {
  let key = '';
  for (const name of names) {
    const value = header(name);
    // Absent and empty are told apart; a line feed is in no value.
    key += value === undefined ? '\n' : `=${normalised(name, value)}\n`;
  }
  return key;
}

/** Fields in which neither case nor order of what is wished for equally says anything (RFC 9110 12.5). */
const preferences: ReadonlySet<string> = new Set(['accept-encoding', 'accept-language', 'accept-charset']);

function normalised(name: string, value: string): string {
  const members = value.split(',').map((member) => member.trim().replace(/[\t ]+/g, ' '));
  if (!preferences.has(name)) return members.join(',');
  const wishes = members
    .map((member) =>
      member
        .toLowerCase()
        .replace(/ ?; ?/g, ';')
        .replace(/;q=1(\.0*)?$/, ''),
    )
    .filter((member) => member !== '');
  return [...new Set(wishes)].sort().join(',');
}
