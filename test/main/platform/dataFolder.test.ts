import { describe, expect, it } from 'vitest';
import { type DataFolderInput, dataFolder } from '../../../main/platform/dataFolder';

const cases: readonly [string, DataFolderInput, string][] = [
  ['Linux default', { platform: 'linux', env: {}, home: '/home/ann' }, '/home/ann/.local/share/hopscope'],
  ['XDG', { platform: 'linux', env: { XDG_DATA_HOME: '/data' }, home: '/home/ann' }, '/data/hopscope'],
  [
    'relative XDG is ignored',
    { platform: 'linux', env: { XDG_DATA_HOME: 'data' }, home: '/home/ann' },
    '/home/ann/.local/share/hopscope',
  ],
  [
    'macOS',
    { platform: 'darwin', env: { XDG_DATA_HOME: '/data' }, home: '/Users/ann' },
    '/Users/ann/Library/Application Support/Hopscope',
  ],
  [
    'Windows',
    { platform: 'win32', env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' }, home: 'C:\\Users\\ann' },
    'C:\\Users\\ann\\AppData\\Roaming\\Hopscope',
  ],
  [
    'Windows without APPDATA',
    { platform: 'win32', env: {}, home: 'C:\\Users\\ann' },
    'C:\\Users\\ann\\AppData\\Roaming\\Hopscope',
  ],
  [
    'HOPSCOPE_DATA wins',
    { platform: 'linux', env: { HOPSCOPE_DATA: '/tmp/x/', XDG_DATA_HOME: '/data' }, home: '/home/ann' },
    '/tmp/x',
  ],
  [
    'empty HOPSCOPE_DATA is none',
    { platform: 'linux', env: { HOPSCOPE_DATA: '' }, home: '/home/ann' },
    '/home/ann/.local/share/hopscope',
  ],
];

describe('dataFolder', () => {
  it.each(cases)('%s', (_name, input, expected) => {
    expect(dataFolder(input)).toBe(expected);
  });
});
