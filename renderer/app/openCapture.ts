import { captureFileEnding } from '../../main/contract/captureFile';
import { pickFile } from '../components/pickFile';
import type { Stores } from './createStores';

/** Asks for a capture file and shows what is in it. Only within a click or a key. */
export async function openCapture({ captureFile, ui }: Pick<Stores, 'captureFile' | 'ui'>): Promise<void> {
  const file = await pickFile(`${captureFileEnding},.ndjson,.jsonl`);
  if (file === null) return;
  ui.show('flows');
  await captureFile.getState().open(file);
}
