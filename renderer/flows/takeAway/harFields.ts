// Header fields and cookies as HAR writes them. A masked value stays masked, and no cookie is made of it.
import { maskedValue, type RawHeaders } from '../../../main/contract/flowEvent';
import type { HarCookie, HarField } from './harTypes';

export function harFields(headers: RawHeaders): HarField[] {
  return headers.map(([name, value]) => ({ name, value }));
}

export function requestCookies(headers: RawHeaders): HarCookie[] {
  return valuesOf(headers, 'cookie').flatMap((value) =>
    value
      .split(';')
      .filter((pair) => pair.trim() !== '')
      .map(pairOf),
  );
}

/** RFC 6265 section 5.2, as far as HAR has fields for it. */
export function responseCookies(headers: RawHeaders): HarCookie[] {
  return valuesOf(headers, 'set-cookie').map((value) => {
    const [first = '', ...rest] = value.split(';');
    const attributes = new Map(
      rest.map((part) => {
        const attribute = pairOf(part);
        return [attribute.name.toLowerCase(), attribute.value];
      }),
    );
    const path = attributes.get('path');
    const domain = attributes.get('domain');
    const expires = Date.parse(attributes.get('expires') ?? '');
    return {
      ...pairOf(first),
      ...(path === undefined ? {} : { path }),
      ...(domain === undefined ? {} : { domain }),
      ...(Number.isNaN(expires) ? {} : { expires: new Date(expires).toISOString() }),
      httpOnly: attributes.has('httponly'),
      secure: attributes.has('secure'),
    };
  });
}

export function headerValue(headers: RawHeaders, wanted: string): string | null {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
}

function valuesOf(headers: RawHeaders, wanted: string): string[] {
  return headers.flatMap(([name, value]) =>
    name.toLowerCase() === wanted && !value.includes(maskedValue) ? [value] : [],
  );
}

function pairOf(text: string): HarField {
  const at = text.indexOf('=');
  return at === -1
    ? { name: text.trim(), value: '' }
    : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
