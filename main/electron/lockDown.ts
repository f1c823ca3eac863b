// What no page in this app may do, whatever it managed to load: go elsewhere, open windows, embed web views, or get a
// permission or a device. The UI needs none of them.
import { app, type Session, shell, type WebContents } from 'electron';
import { isAllowedExternal, isAllowedNavigation } from './uiAddress';

/** For every web contents that this process will ever make. */
export function lockDownContents(): void {
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents));
}

export function lockNavigation(contents: WebContents): void {
  contents.on('will-navigate', (details) => {
    if (!isAllowedNavigation(details.url, true)) details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    if (!isAllowedNavigation(details.url, details.isMainFrame)) details.preventDefault();
  });
  contents.on('will-frame-navigate', (details) => {
    if (!isAllowedNavigation(details.url, details.isMainFrame)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // Rejects when the desktop has no browser; there is nobody to tell but the person who sees nothing open.
    if (isAllowedExternal(url)) shell.openExternal(url).catch(() => shell.beep());
    return { action: 'deny' };
  });
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
}
