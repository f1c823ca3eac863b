// Serves the built UI at app://ui. Nothing outside its folder can be named, and every answer carries its policy.
import { protocol } from 'electron';
import { downloadHeaders, downloadPath, type TakeDownload } from '../contract/download';
import {
  commonSecurityHeaders,
  frameContentSecurityPolicy,
  uiContentSecurityPolicy,
} from '../transport/securityHeaders';
import { readFrameFile, readStaticFile } from '../transport/staticFiles';
import { framePath, uiOrigin, uiPathOf, uiScheme } from './uiAddress';

/** Must run before Electron is ready. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: uiScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

export function handleUiRequests(rendererFolder: string, takeDownload: TakeDownload): void {
  protocol.handle(uiScheme, (request) => answerUiRequest(rendererFolder, request, takeDownload));
}

export async function answerUiRequest(
  rendererFolder: string,
  request: { readonly method: string; readonly url: string },
  takeDownload: TakeDownload = () => null,
): Promise<Response> {
  const path = uiPathOf(request.url);
  if (request.method !== 'GET' || path === null) return refusal(request.method === 'GET' ? 404 : 405);
  if (path.startsWith(downloadPath)) return answerDownload(path, takeDownload);
  const isFrame = path.startsWith(framePath);
  const file = isFrame
    ? await readFrameFile(rendererFolder, path.slice(framePath.length) || 'index.html')
    : await readStaticFile(rendererFolder, path, framePath);
  if (file === null) return refusal(404);
  const contentSecurityPolicy = isFrame
    ? frameContentSecurityPolicy(`${uiOrigin}${framePath}diagramFrame.js`)
    : uiContentSecurityPolicy('electron');
  return new Response(file.body, {
    headers: {
      ...commonSecurityHeaders,
      'content-type': file.contentType,
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
    },
  });
}

function answerDownload(path: string, takeDownload: TakeDownload): Response {
  const download = takeDownload(path);
  if (download === null) return refusal(404);
  const headers = {
    ...commonSecurityHeaders,
    ...downloadHeaders(download),
    'content-security-policy': "default-src 'none'",
  };
  return new Response(new Blob([...download.chunks]), { headers });
}

function refusal(status: number): Response {
  const headers = { ...commonSecurityHeaders, 'content-security-policy': "default-src 'none'" };
  return new Response(null, { status, headers });
}
