// Character classes of RFC 9110 and 9112 as tables: one load per byte of a head.

function table(isMember: (code: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => (isMember(code) ? 1 : 0));
}

const tokenPunctuation = "!#$%&'*+-.^_`|~";
const isAlphanumeric = (code: number) => /^[0-9A-Za-z]$/.test(String.fromCharCode(code));

/** token: methods, field names (RFC 9110 5.6.2). */
export const tokenCharacters = table(
  (code) => isAlphanumeric(code) || tokenPunctuation.includes(String.fromCharCode(code)),
);

/** field-content with its inner white space: HTAB, SP, visible and obs-text; no other control, no DEL (RFC 9110 5.5). */
export const valueCharacters = table((code) => code === 9 || (code >= 0x20 && code !== 0x7f));

/** Request target: visible ASCII but "#". Fragments, spaces and non-ASCII never travel (RFC 9112 3.2). */
export const targetCharacters = table((code) => code > 0x20 && code < 0x7f && code !== 0x23);

/**
 * Host names as they exist. The grammar also allows "!$&'()*+,;=" and percent-encoding; servers disagree on those
 * and no real name has them, so they are refused on purpose.
 */
export const hostCharacters = table(
  (code) => isAlphanumeric(code) || '-._~'.includes(String.fromCharCode(code)),
);

/** Value of a hexadecimal digit, 255 = none. */
export const hexValues = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /^[0-9a-fA-F]$/.test(character) ? Number.parseInt(character, 16) : 255;
});

/** Without the optional white space of RFC 9110 5.6.3 around it: space and tab, and nothing else that JavaScript trims. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}

export const carriageReturn = 13;
export const lineFeed = 10;
export const space = 32;
export const tab = 9;
export const colon = 58;
