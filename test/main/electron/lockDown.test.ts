import { beforeEach, describe, expect, it } from 'vitest';
import { denyPermissions, lockDownContents } from '../../../main/electron/lockDown';
import { externalHosts, isAllowedExternal } from '../../../main/electron/uiAddress';
import {
  app,
  FakeWebContents,
  opened,
  permissionHandlers,
  resetFakeElectron,
  session,
} from '../../helpers/fakeElectron';

let contents: FakeWebContents;
beforeEach(() => {
  resetFakeElectron();
  lockDownContents();
  contents = new FakeWebContents();
  app.emit('web-contents-created', {}, contents);
});

function isPrevented(event: string, details: object): boolean {
  let prevented = false;
  expect(contents.listenerCount(event)).toBe(1);
  contents.emit(event, { ...details, preventDefault: () => (prevented = true) });
  return prevented;
}

describe('navigation', () => {
  const mainFrame: readonly (readonly [string, boolean])[] = [
    ['app://ui/', true],
    ['app://ui/index.html?x=1#y', true],
    ['app://ui/diagram/', false],
    ['app://ui/assets/app.js', false],
    ['app://ui.evil/', false],
    ['app://evil@ui/', false],
    ['https://evil.test/', false],
    ['http://127.0.0.1/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['about:blank', false],
    ['', false],
  ];

  it.each(mainFrame)('of the window to %j is allowed: %j', (url, isAllowed) => {
    expect(isPrevented('will-navigate', { url })).toBe(!isAllowed);
    expect(isPrevented('will-redirect', { url, isMainFrame: true })).toBe(!isAllowed);
    expect(isPrevented('will-frame-navigate', { url, isMainFrame: true })).toBe(!isAllowed);
  });

  it.each([
    ['app://ui/diagram/', true],
    ['app://ui/diagram/index.html', true],
    ['app://ui/', false],
    ['app://ui/diagram/diagramFrame.js', false],
    ['https://evil.test/', false],
    ['about:srcdoc', false],
  ])('of a frame to %j is allowed: %j', (url, isAllowed) => {
    expect(isPrevented('will-frame-navigate', { url, isMainFrame: false })).toBe(!isAllowed);
    expect(isPrevented('will-redirect', { url, isMainFrame: false })).toBe(!isAllowed);
  });

  it('to a web view is refused', () => {
    expect(isPrevented('will-attach-webview', {})).toBe(true);
  });
});

describe('new windows', () => {
  it('are always refused; links to listed sites open in the browser of the user', () => {
    const link = `https://${[...externalHosts][0]}/page?x#y`;
    for (const url of [link, 'https://evil.test/', 'file:///etc/passwd', 'app://ui/', 'about:blank']) {
      expect(contents.windowOpenHandler!({ url })).toEqual({ action: 'deny' });
    }
    expect(opened).toEqual([link]);
  });

  it.each([
    'http://www.rfc-editor.org/',
    'https://www.rfc-editor.org.evil.test/',
    'https://www.rfc-editor.org@evil.test/',
    'https://user@www.rfc-editor.org/',
    'https://www.rfc-editor.org:8443/',
    'javascript:alert(1)',
    'smb://www.rfc-editor.org/',
    'nonsense',
  ])('%s is not opened', (url) => {
    expect(isAllowedExternal(url)).toBe(false);
  });
});

describe('permissions', () => {
  it('are all refused', () => {
    denyPermissions(session.defaultSession as unknown as Electron.Session);
    const answers: unknown[] = [];
    const { request, check, device, media } = permissionHandlers;
    request!({} as never, 'clipboard-read', (isGranted) => answers.push(isGranted), {} as never);
    answers.push(check!(null, 'media', 'app://ui', {} as never));
    answers.push(device!({} as never));
    media!({} as never, (streams) => answers.push(streams));
    expect(answers).toEqual([false, false, false, null]);
  });
});
