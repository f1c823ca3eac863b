import type { HopscopeApi } from '../../main/contract/api';
import type { OfferedCaptureInfo } from '../../main/contract/captureApi';
import type { Stores } from './createStores';

/** Shows the capture file that was named on the command line or in the menu of the desktop app, now and whenever one is. */
export function followOfferedCapture(
  api: HopscopeApi,
  { captureFile, ui }: Pick<Stores, 'captureFile' | 'ui'>,
): void {
  const show = (info: OfferedCaptureInfo) => {
    ui.show('flows');
    const text = () => readOffered(api, info);
    void captureFile.getState().open({ name: info.name, size: info.bytes, text });
  };
  api.on('capture.offered', show);
  api.call('getOfferedCapture', undefined).then(
    ({ offered }) => {
      if (offered !== null) show(offered);
    },
    // Without a line there is none; the banner says so.
    () => undefined,
  );
}

async function readOffered(api: HopscopeApi, { id }: OfferedCaptureInfo): Promise<string> {
  const parts: string[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const part: { text: string; next: number | null } = await api.call('readOfferedCapture', { id, from });
    parts.push(part.text);
    from = part.next;
  }
  return parts.join('');
}
