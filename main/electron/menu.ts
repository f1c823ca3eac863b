import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The menus that people expect of any app of their system; copy, paste, zoom and full screen hang on them. */
export function setStandardMenu(platform: NodeJS.Platform, onOpenCapture: () => void): void {
  const isMac = platform === 'darwin';
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const openCapture = {
    label: 'Open Capture File…',
    accelerator: 'CommandOrControl+Shift+O',
    click: onOpenCapture,
  };
  const template: MenuItemConstructorOptions[] = [
    ...appMenu,
    {
      role: 'fileMenu',
      submenu: [openCapture, { type: 'separator' }, { role: isMac ? 'close' : 'quit' }],
    },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
