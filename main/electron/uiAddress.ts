// Where the UI lives inside Electron: a scheme of our own, never file://. Every check of "is this ours?" asks here.

export const uiScheme = 'app';
export const uiHost = 'ui';
export const uiOrigin = `${uiScheme}://${uiHost}`;
export const uiStartUrl = `${uiOrigin}/`;
/** Below it lie the files of the sandboxed diagram frame. */
export const framePath = '/diagram/';

/** The path of a URL of ours, still encoded; null = not ours. */
export function uiPathOf(url: string): string | null {
  const parsed = parseUrl(url);
  if (parsed === null || parsed.protocol !== `${uiScheme}:` || parsed.host !== uiHost) return null;
  if (parsed.username !== '' || parsed.password !== '') return null;
  return parsed.pathname === '' ? '/' : parsed.pathname;
}

/** A window may only ever show the UI's start page, a frame in it only the diagram. */
export function isAllowedNavigation(url: string, isMainFrame: boolean): boolean {
  const path = uiPathOf(url);
  if (path === null) return false;
  return isMainFrame
    ? path === '/' || path === '/index.html'
    : path === framePath || path === `${framePath}index.html`;
}

/** Sites that a link in the UI may open in the user's own browser. */
export const externalHosts: ReadonlySet<string> = new Set([
  'developer.mozilla.org',
  'gateway-api.sigs.k8s.io',
  'www.rfc-editor.org',
]);

export function isAllowedExternal(url: string): boolean {
  const parsed = parseUrl(url);
  if (parsed === null || parsed.protocol !== 'https:' || parsed.port !== '') return false;
  return parsed.username === '' && parsed.password === '' && externalHosts.has(parsed.hostname);
}

function parseUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
