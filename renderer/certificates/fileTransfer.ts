// Files between the browser and the api: bytes travel as base64.

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
      return { name: file.name, contentBase64: toBase64(new Uint8Array(await file.arrayBuffer())) };
    }),
  );
}

/** Text that was pasted, as a file. */
export function fileOfText(name: string, text: string): PickedFile {
  return { name, contentBase64: toBase64(new TextEncoder().encode(text)) };
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  const step = 0x8000;
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(binary);
}

/** Hands a file to the person as a download. */
export function saveFile(fileName: string, mediaType: string, contentBase64: string): void {
  const bytes = Uint8Array.from(atob(contentBase64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the data once it began.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveText(fileName: string, mediaType: string, text: string): void {
  saveFile(fileName, mediaType, toBase64(new TextEncoder().encode(text)));
}
