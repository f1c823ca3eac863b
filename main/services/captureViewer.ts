// Looks at a capture file and does nothing else: no engine, no workspace, no certificate store, no listener.
import type { ApiMethod, AppInfo } from '../contract/api';
import { AppError } from '../contract/appError';
import type { TakeDownload } from '../contract/download';
import type { FrameChannel } from '../contract/frame';
import { type ApiClient, type OpenApi, openSession, type Session } from '../transport/session';
import type { ApiHandlers } from './apiHandlers';
import { OfferedCapture, offeredCaptureHandlers } from './offeredCapture';

export interface CaptureViewer {
  connect(channel: FrameChannel): void;
  readonly takeDownload: TakeDownload;
  close(): void;
}

/** Rejects with `disk_failed` or `invalid_input` where the file cannot be opened. */
export async function openCaptureViewer(
  file: string,
  info: Pick<AppInfo, 'version' | 'dataFolder' | 'notice'>,
): Promise<CaptureViewer> {
  const offered = new OfferedCapture();
  await offered.offer(file);
  const openApi = viewerApi(offered, {
    ...info,
    host: 'browser',
    platform: process.platform,
    isViewer: true,
  });
  const sessions = new Set<Session>();
  return {
    connect: (channel) => {
      const session = openSession(channel, openApi, () => sessions.delete(session));
      sessions.add(session);
    },
    takeDownload: () => null,
    close: () => {
      for (const session of [...sessions]) session.close();
    },
  };
}

function viewerApi(offered: OfferedCapture, info: AppInfo): OpenApi {
  const handlers: Partial<ApiHandlers<ApiMethod>> = {
    getAppInfo: () => info,
    subscribeFlows: () => ({ seq: 0, events: [] }),
    unsubscribeFlows: () => null,
    ...offeredCaptureHandlers(offered),
    // A page that is loaded again shows it again.
    forgetOfferedCapture: () => null,
  };
  return (_client: ApiClient) => ({
    call: (method, input) => {
      const handler = handlers[method];
      if (handler !== undefined) return handler(input);
      throw new AppError('unavailable', 'nothing runs here: a capture file is looked at');
    },
    close: () => undefined,
  });
}
