// A pasted command line as words, quoted as POSIX shells quote (and $'…' as bash does). Nothing is expanded.

export type ShellWords =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string };

const ansi: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
};

export function shellWords(text: string): ShellWords {
  const words: string[] = [];
  let word: string | null = null;
  const add = (part: string) => {
    word = (word ?? '') + part;
  };
  // A backslash at the end of a line (or ^, as Windows has it) goes on with the next.
  const line = text.replace(/[\\^]\r?\n/g, ' ');
  const token =
    /'([^']*)'|\$'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|(\s+)|([^\s'"\\]+)|(['"\\])/gy;
  for (let match = token.exec(line); match !== null; match = token.exec(line)) {
    const [, single, dollar, double, escaped, space, plain, open] = match;
    if (open !== undefined)
      return { kind: 'problem', message: `a ${open} is not closed: the command was cut` };
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else if (plain?.endsWith('$') === true && line[token.lastIndex] === "'") {
      // The quote that follows belongs to the dollar sign.
      add(plain.slice(0, -1));
      token.lastIndex--;
    } else if (dollar !== undefined) add(ansiText(dollar));
    else if (double !== undefined) add(double.replace(/\\(["\\$`])/g, '$1'));
    else add(single ?? escaped ?? plain ?? '');
  }
  if (word !== null) words.push(word);
  return { kind: 'words', words };
}

function ansiText(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([\s\S]))/g,
    (_all, hex, unicode, other) => {
      if (hex !== undefined || unicode !== undefined)
        return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      return ansi[other] ?? other;
    },
  );
}
