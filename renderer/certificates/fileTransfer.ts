// Files from the person to the api: bytes travel as base64.
import { base64OfBytes } from '../components/base64';

export interface PickedFile {
  readonly name: string;
  readonly contentBase64: string;
}

const maxFileBytes = 1_048_576;
const maxFiles = 32;

/** Reads what was dropped or chosen. Fails with a sentence that names the file when one is empty or above 1 MiB, or with > 32 files. */
export async function readFiles(files: Iterable<File>): Promise<PickedFile[]> {
  const list = [...files];
  if (list.length > maxFiles)
    throw new Error(`Drop at most ${maxFiles} files at once; these are ${list.length}.`);
  return Promise.all(
    list.map(async (file) => {
      if (file.size === 0) throw new Error(`${file.name} is empty.`);
      if (file.size > maxFileBytes)
        throw new Error(`${file.name} is larger than 1 MiB; certificates are not.`);
      return { name: file.name, contentBase64: base64OfBytes(new Uint8Array(await file.arrayBuffer())) };
    }),
  );
}

/** Text that was pasted, as a file. */
export function fileOfText(name: string, text: string): PickedFile {
  return { name, contentBase64: base64OfBytes(new TextEncoder().encode(text)) };
}
