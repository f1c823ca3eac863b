// Reads one query parameter or one cookie out of the raw text, without parsing the rest into objects.

/** The first parameter of that name, decoded; undefined = absent. */
export function queryValue(query: string, name: string): string | undefined {
  let start = 0;
  while (start < query.length) {
    let end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    const equals = query.indexOf('=', start);
    const nameEnd = equals === -1 || equals > end ? end : equals;
    if (nameEnd > start && decodeComponent(query.slice(start, nameEnd)) === name) {
      return nameEnd === end ? '' : decodeComponent(query.slice(nameEnd + 1, end));
    }
    start = end + 1;
  }
  return undefined;
}

/** The first cookie of that name as sent, without surrounding quotes; undefined = absent. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  let start = 0;
  while (start < header.length) {
    let end = header.indexOf(';', start);
    if (end === -1) end = header.length;
    const equals = header.indexOf('=', start);
    if (equals !== -1 && equals < end && header.slice(start, equals).trim() === name) {
      return header
        .slice(equals + 1, end)
        .trim()
        .replace(/^"(.*)"$/, '$1');
    }
    start = end + 1;
  }
  return undefined;
}

/** application/x-www-form-urlencoded; a broken escape stays as it is. */
function decodeComponent(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
