// Which file of the built UI a URL path means, and what goes out with it. Shared by the loopback server and Electron's
// protocol handler; a path can only ever name a file below the folder.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

/** The document of the sandboxed diagram frame; its script lies beside it. */
export const frameDocument =
  '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Diagram</title>\n<body>\n<script src="diagramFrame.js"></script>\n';

/** Folder of the frame's files below the UI's. */
const frameFolder = 'diagram';

/** "/assets/a.js" → "assets/a.js", "/" → "index.html"; null = nothing that is served. Takes the path as it came, still encoded. */
export function resolveStaticPath(urlPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!path.startsWith('/')) return null;
  const relative = path === '/' ? 'index.html' : path.slice(1);
  const isPlain = relative.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
  return isPlain && contentTypeOf(relative) !== null ? relative : null;
}

/** The file of a URL path, null when there is none. `index.html` carries the frame's path when one is given. */
export async function readStaticFile(
  folder: string,
  urlPath: string,
  framePath?: string,
): Promise<StaticFile | null> {
  const path = resolveStaticPath(urlPath);
  if (path === null || path.startsWith(`${frameFolder}/`)) return null;
  const body = await readIfThere(join(folder, path));
  if (body === null) return null;
  const isIndex = path === 'index.html' && framePath !== undefined;
  return staticFile(isIndex ? Buffer.from(injectFramePath(body.toString('utf8'), framePath)) : body, path);
}

/** A file of the diagram frame: "index.html" or what lies beside it. */
export async function readFrameFile(folder: string, name: string): Promise<StaticFile | null> {
  const path = resolveStaticPath(`/${name}`);
  if (path === null) return null;
  const body = await readIfThere(join(folder, frameFolder, path));
  if (body === null && path === 'index.html') return staticFile(Buffer.from(frameDocument), path);
  return body === null ? null : staticFile(body, path);
}

/** Tells the UI where its diagram frame is: `<meta name="hopscope-frame" content="/frame/<secret>/">`. */
export function injectFramePath(html: string, framePath: string): string {
  const meta = `<meta name="hopscope-frame" content="${framePath}" />`;
  const at = html.indexOf('<head>');
  return at < 0 ? `${meta}${html}` : `${html.slice(0, at + 6)}\n    ${meta}${html.slice(at + 6)}`;
}

function staticFile(body: Uint8Array<ArrayBuffer>, path: string): StaticFile {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return { body, contentType: contentTypeOf(path)!, etag };
}

function contentTypeOf(path: string): string | null {
  return contentTypes[/\.([a-z0-9]+)$/.exec(path)?.[1] ?? ''] ?? null;
}

async function readIfThere(file: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
}
