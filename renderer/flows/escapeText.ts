// Text from traffic is hostile. This file alone decides how it enters a Mermaid text: nothing but letters, digits,
// space, "." and "/" is taken as it is, so no character that Mermaid's grammar, its directives or HTML know survives.

/** Longest text that one line of a diagram takes, in characters. */
export const maxTextLength = 120;

const controlPicture = 0x2426; // ␦

/** `text` for a Mermaid label: everything else than [A-Za-z0-9 ./] becomes `#<codepoint>;`. Never empty. */
export function escapeText(text: string, maxLength = maxTextLength): string {
  let escaped = '';
  let length = 0;
  for (const character of text) {
    if (length === maxLength) {
      escaped += '#8230;'; // …
      break;
    }
    length++;
    escaped += escapeCharacter(character);
  }
  // A label of spaces only is as good as none.
  return escaped.trim() === '' ? `#${controlPicture};` : escaped;
}

function escapeCharacter(character: string): string {
  if (/^[A-Za-z0-9 ./]$/.test(character)) return character;
  const codePoint = character.codePointAt(0)!;
  return `#${isUnprintable(codePoint) ? controlPicture : codePoint};`;
}

// C0 and C1 controls, lone surrogates, noncharacters, and what would reorder or hide the text around it.
function isUnprintable(codePoint: number): boolean {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return true;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return true;
  if ((codePoint & 0xfffe) === 0xfffe || (codePoint >= 0xfdd0 && codePoint <= 0xfdef)) return true;
  if (codePoint === 0x61c || codePoint === 0xfeff || codePoint === 0xad) return true;
  return (
    (codePoint >= 0x200b && codePoint <= 0x200f) ||
    (codePoint >= 0x2028 && codePoint <= 0x202e) ||
    (codePoint >= 0x2060 && codePoint <= 0x206f)
  );
}

/** As it may stand in a document: ␦ for what cannot be printed or would reorder the text around it; cut like a label. */
export function printable(text: string, maxLength = maxTextLength): string {
  const characters = [...shorten(text, maxLength)];
  const isOdd = (character: string) => isUnprintable(character.codePointAt(0)!);
  return characters.map((character) => (isOdd(character) ? '␦' : character)).join('');
}

/** Cuts to `maxLength` characters with "…" as the last one. */
export function shorten(text: string, maxLength: number): string {
  const characters = [...text.slice(0, maxLength * 2 + 2)];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`;
}
