import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrameFile, readStaticFile, resolveStaticPath } from '../../../main/transport/staticFiles';

describe('resolveStaticPath', () => {
  it.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/index-Ab_1.js', 'assets/index-Ab_1.js'],
    ['/assets/font%2Dx.woff2', 'assets/font-x.woff2'],
  ])('resolves %s', (path, expected) => {
    expect(resolveStaticPath(path)).toBe(expected);
  });

  it.each([
    '/../secret.json',
    '/assets/../../x.js',
    '/%2e%2e/x.js',
    '/%2e%2e%2fx.js',
    '/..%5cx.js',
    '/a\\b.js',
    '/a%00.js',
    '//etc/passwd.txt',
    '/.hidden.js',
    '/assets/',
    '/assets/.git.json',
    '/noextension',
    '/run.exe',
    '/%zz.js',
    'index.html',
    '',
    '/C:/x.js',
    '/a.js/',
  ])('serves nothing for %j', (path) => {
    expect(resolveStaticPath(path)).toBeNull();
  });
});

describe('readStaticFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hopscope-static-'));
    await mkdir(join(folder, 'diagram'));
    await mkdir(join(folder, 'folder.js'));
    await writeFile(join(folder, 'index.html'), '<html><head><title>x</title></head></html>');
    await writeFile(join(folder, 'diagram', 'diagramFrame.js'), 'run();');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('tells the page where its diagram frame is', async () => {
    const file = await readStaticFile(folder, '/', '/frame/abc/');
    expect(Buffer.from(file!.body).toString()).toContain(
      '<meta name="hopscope-frame" content="/frame/abc/" />',
    );
    expect(file!.contentType).toBe('text/html; charset=utf-8');
  });

  it('gives different content different tags', async () => {
    const one = await readStaticFile(folder, '/', '/frame/a/');
    const two = await readStaticFile(folder, '/', '/frame/b/');
    expect(one!.etag).not.toBe(two!.etag);
  });

  it('keeps the files of the frame out of the page', async () => {
    expect(await readStaticFile(folder, '/diagram/diagramFrame.js')).toBeNull();
    const script = await readFrameFile(folder, 'diagramFrame.js');
    expect(Buffer.from(script!.body).toString()).toBe('run();');
  });

  it('has a document for the frame even where none was built', async () => {
    const file = await readFrameFile(folder, 'index.html');
    expect(Buffer.from(file!.body).toString()).toContain('<script src="diagramFrame.js">');
  });

  it('finds nothing where a folder or nothing is', async () => {
    expect(await readStaticFile(folder, '/folder.js')).toBeNull();
    expect(await readStaticFile(folder, '/missing.js')).toBeNull();
    expect(await readFrameFile(folder, '../index.html')).toBeNull();
  });
});
