import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerUiRequest, handleUiRequests, registerUiScheme } from '../../../main/electron/uiProtocol';
import { handlers, schemes } from '../../helpers/fakeElectron';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hopscope-ui-'));
  folder = join(parent, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await mkdir(join(folder, 'diagram'));
  await writeFile(join(parent, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html><html><head></head><body>UI</body></html>');
  await writeFile(join(folder, 'assets', 'app.js'), 'export {};');
  await writeFile(join(folder, 'diagram', 'diagramFrame.js'), '(() => {})();');
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const get = (url: string, method = 'GET') => answerUiRequest(folder, { method, url });

describe('app://ui', () => {
  it('is registered as a standard, secure scheme that does not bypass the policy', () => {
    registerUiScheme();
    expect(schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('serves the UI with its policy and tells it where the diagram frame is', async () => {
    handleUiRequests(folder, () => null);
    const answer = await handlers.get('app')!(new Request('app://ui/'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        "font-src 'self'; connect-src 'none'; frame-src 'self'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'",
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toContain('<meta name="hopscope-frame" content="/diagram/" />');
  });

  it('gives a file to be fetched once, to be saved and not shown', async () => {
    const chunks = [Buffer.from('one '), Buffer.from('two')];
    const take = (path: string) =>
      path === '/download/x' ? { name: 'a.pcapng', contentType: 'application/x-pcapng', chunks } : null;
    const ask = (url: string) => answerUiRequest(folder, { method: 'GET', url }, take);
    const answer = await ask('app://ui/download/x');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.pcapng"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toBe('one two');
    expect((await ask('app://ui/download/y')).status).toBe(404);
  });

  it('serves scripts as scripts', async () => {
    const answer = await get('app://ui/assets/app.js');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await answer.text()).toBe('export {};');
  });

  it('serves the diagram frame with a policy that lets it run its one script and nothing else', async () => {
    const answer = await get('app://ui/diagram/');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src app://ui/diagram/diagramFrame.js; style-src 'unsafe-inline'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts",
    );
    expect(await answer.text()).toContain('<script src="diagramFrame.js">');
    expect((await get('app://ui/diagram/diagramFrame.js')).status).toBe(200);
  });

  it.each([
    'app://ui/../secret.txt',
    'app://ui/%2e%2e/secret.txt',
    'app://ui/..%2fsecret.txt',
    'app://ui/%2e%2e%2fsecret.txt',
    'app://ui/..%5csecret.txt',
    'app://ui/assets/..%2f..%2fsecret.txt',
    'app://ui/diagram/..%2f..%2fsecret.txt',
    'app://ui/diagram/%2e%2e%2f%2e%2e%2fsecret.txt',
    'app://ui//secret.txt',
    'app://ui/%00',
    'app://ui/%',
    'app://ui/.hidden',
    'app://ui/missing.js',
    'app://ui/assets',
    'app://ui/assets/',
    'app://other/',
    'app://ui.evil/',
    'app://ui:80/',
    'app://user@ui/',
    'file:///etc/passwd',
    'not a url',
  ])('answers %s with 404', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
  });

  it('answers only GET', async () => {
    expect((await get('app://ui/', 'POST')).status).toBe(405);
  });
});
