// The Content-Security-Policies of the two documents that ship: the UI, and the sandboxed frame that draws diagrams.
// Traffic is hostile text; should any of it ever become markup, it still cannot load, run or send anything.

/** For the UI document. Over HTTP the UI speaks a WebSocket with its own origin; in Electron it speaks IPC. */
export function uiContentSecurityPolicy(host: 'electron' | 'browser'): string {
  return policy({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    // 'self' covers same-origin ws: and wss: too (CSP 3, 6.7.2.8); no host needs naming.
    'connect-src': host === 'browser' ? "'self'" : "'none'",
    'frame-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
}

/**
 * For the diagram frame's document. `scriptUrl` is the absolute URL of its one script; without it 'self' stands, which
 * matches in a sandboxed document too, because CSP's 'self' is the URL's origin and not the opaque one.
 */
export function frameContentSecurityPolicy(scriptUrl = "'self'"): string {
  return policy({
    'default-src': "'none'",
    'script-src': scriptUrl,
    'style-src': "'unsafe-inline'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self'",
    sandbox: 'allow-scripts',
  });
}

/** What every answer of the UI's server carries besides its policy. */
export const commonSecurityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
