/** Gives the user a file: the browser puts it where downloads go, a window asks where. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // After the download has begun; it keeps its own hold on the content.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Has the browser fetch a file that the main process made: no script sees what is in it. */
export function fetchDownload(path: string, name: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = name;
  link.click();
}
