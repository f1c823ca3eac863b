import { afterEach, describe, expect, it } from 'vitest';
import { pickWorkspaceFile } from '../../../main/electron/pickWorkspaceFile';
import { chosenFile } from '../../helpers/fakeElectron';

afterEach(() => {
  chosenFile.path = null;
});

describe('pickWorkspaceFile', () => {
  it.each(['open', 'saveAs'] as const)(
    'says what was chosen to %s, and null when it was cancelled',
    async (purpose) => {
      expect(await pickWorkspaceFile(purpose)).toBeNull();
      chosenFile.path = '/home/ann/shop.yaml';
      expect(await pickWorkspaceFile(purpose)).toBe('/home/ann/shop.yaml');
    },
  );
});
