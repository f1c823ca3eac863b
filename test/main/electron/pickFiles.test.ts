import { afterEach, describe, expect, it } from 'vitest';
import { pickCaptureFile, pickWorkspaceFile } from '../../../main/electron/pickFiles';
import { chosenFile } from '../../helpers/fakeElectron';

afterEach(() => {
  chosenFile.path = null;
});

describe('the file dialogs', () => {
  it('say which capture file was chosen, and null when it was cancelled', async () => {
    expect(await pickCaptureFile()).toBeNull();
    chosenFile.path = '/home/ann/monday.hopscope.ndjson';
    expect(await pickCaptureFile()).toBe('/home/ann/monday.hopscope.ndjson');
  });

  it.each(['open', 'saveAs'] as const)(
    'say which workspace was chosen to %s, and null when it was cancelled',
    async (purpose) => {
      expect(await pickWorkspaceFile(purpose)).toBeNull();
      chosenFile.path = '/home/ann/shop.yaml';
      expect(await pickWorkspaceFile(purpose)).toBe('/home/ann/shop.yaml');
    },
  );
});
