// Entity tags: comparing them and reading lists of them. RFC 9110 8.8.3.

const tag = /[\t ,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")/y;

/** The weak comparison: both name the same content, byte by byte or not. */
export function isSameTag(one: string, other: string): boolean {
  return opaqueOf(one) === opaqueOf(other);
}

/** The strong comparison: byte by byte the same. */
export function isSameStrongTag(one: string, other: string): boolean {
  return one === other && isStrongTag(one);
}

export function isStrongTag(text: string): boolean {
  return text.startsWith('"');
}

/** Whether If-None-Match names the tag (weak comparison, RFC 9110 13.1.2). */
export function listHasTag(list: string, wanted: string): boolean {
  if (list.trim() === '*') return true;
  // A tag without quotes is none, but a client that echoes what it was given is understood.
  if (list === wanted) return true;
  let position = 0;
  while (position < list.length) {
    tag.lastIndex = position;
    const match = tag.exec(list);
    if (match === null) return false;
    if (isSameTag(match[1]!, wanted)) return true;
    position = tag.lastIndex;
  }
  return false;
}

function opaqueOf(text: string): string {
  return text.startsWith('W/') ? text.slice(2) : text;
}
