import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrameChannel, maxCallFrameBytes } from '../../../main/contract/frame';
import { type IpcMessage, ipcChannel, type PreloadBridge } from '../../../main/contract/preloadBridge';
import { serveIpc } from '../../../main/electron/ipcTransport';
import {
  exposed,
  FakeWebContents,
  fakeFrame,
  ipcMain,
  ipcRenderer,
  link,
  resetFakeElectron,
} from '../../helpers/fakeElectron';
import { closeOf, collect, describeFrameChannel } from '../../helpers/frameChannelSuite';

let loads = 0;

/** Runs the real preload script as a new document of the linked page. */
async function loadPreload(): Promise<PreloadBridge> {
  // The query makes it a module of its own each time; Vite need not know the name ahead.
  const script = `../../../preload/index.ts?document=${++loads}`;
  await import(/* @vite-ignore */ script);
  return exposed.get('hopscope') as PreloadBridge;
}

interface Shell {
  readonly contents: FakeWebContents;
  readonly channels: FrameChannel[];
  readonly cuts: number[];
  nextChannel(): Promise<FrameChannel>;
  stop(): void;
}

function openShell(): Shell {
  const contents = new FakeWebContents();
  link.sender = contents;
  link.senderFrame = contents.mainFrame;
  const channels: FrameChannel[] = [];
  const cuts: number[] = [];
  let waiting: ((channel: FrameChannel) => void) | null = null;
  const stop = serveIpc(contents as unknown as Electron.WebContents, {
    connect: (channel) => {
      channels.push(channel);
      waiting?.(channel);
    },
    onCut: () => cuts.push(channels.length),
  });
  const nextChannel = () => new Promise<FrameChannel>((resolve) => (waiting = resolve));
  return { contents, channels, cuts, nextChannel, stop };
}

/** The page's end. Its close is that of the window; it learns of main's by the `closed` message. */
function pageChannel(bridge: PreloadBridge, contents: FakeWebContents): FrameChannel {
  return {
    send: (frame) => bridge.send(frame),
    onMessage: (handler) => bridge.onFrame(handler),
    onClose: (handler) =>
      ipcRenderer.on(ipcChannel, (_event: unknown, message: IpcMessage) => {
        if (message.kind === 'closed') handler();
      }),
    close: () => contents.destroy(),
    bufferedBytes: () => 0,
  };
}

/** Resolves after every message that is under way has arrived. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

beforeEach(resetFakeElectron);
afterEach(resetFakeElectron);

describeFrameChannel('Electron IPC', async () => {
  const shell = openShell();
  const opened = shell.nextChannel();
  const client = pageChannel(await loadPreload(), shell.contents);
  return { client, server: await opened, close: () => shell.stop() };
});

describe('the sender check', () => {
  const other = new FakeWebContents();
  const top = (contents: FakeWebContents) => contents.mainFrame;
  const cases: readonly (readonly [string, (own: FakeWebContents) => typeof link])[] = [
    ['another window', () => ({ sender: other, senderFrame: other.mainFrame })],
    ['a frame that went away', (own) => ({ sender: own, senderFrame: null })],
    ['a frame inside our page', (own) => ({ sender: own, senderFrame: fakeFrame('app://ui', top(own)) })],
    ['the sandboxed diagram', (own) => ({ sender: own, senderFrame: fakeFrame('null', top(own)) })],
    [
      'a foreign page in our window',
      (own) => ({ sender: own, senderFrame: fakeFrame('https://evil.test', null) }),
    ],
    ['a look-alike host', (own) => ({ sender: own, senderFrame: fakeFrame('app://ui.evil', null) })],
    ['an empty page', (own) => ({ sender: own, senderFrame: fakeFrame('null', null) })],
  ];

  it.each(cases)('ignores %s, and what it said before', async (_name, from) => {
    const shell = openShell();
    const opened = shell.nextChannel();
    const bridge = await loadPreload();
    const server = await opened;
    const seen: unknown[] = [];
    server.onMessage((frame) => seen.push(frame));
    const trusted = { ...link };
    Object.assign(link, from(shell.contents));
    bridge.send('stranger');
    await loadPreload();
    Object.assign(link, trusted);
    bridge.send('ours');
    await settled();
    expect(seen).toEqual(['ours']);
    expect(shell.channels).toHaveLength(1);
    shell.stop();
  });
});

describe('a window', () => {
  it('gets a new channel when its page is reloaded, and the old one hears and says nothing more', async () => {
    const shell = openShell();
    let opened = shell.nextChannel();
    const oldBridge = await loadPreload();
    const oldChannel = await opened;
    const oldFrames: unknown[] = [];
    oldBridge.onFrame((frame) => oldFrames.push(frame));

    opened = shell.nextChannel();
    const oldClosed = closeOf(oldChannel);
    const newBridge = await loadPreload();
    const newChannel = await opened;
    await oldClosed;
    const received = new Promise((resolve) => newBridge.onFrame(resolve));
    oldChannel.send('late');
    newChannel.send('fresh');
    expect(await received).toBe('fresh');
    expect(oldFrames).toEqual([]);
    shell.stop();
  });

  it('closes its channel when it is destroyed, when its page crashes, and when told to stop', async () => {
    const ends: ((shell: Shell) => void)[] = [
      (shell) => shell.contents.destroy(),
      (shell) => shell.contents.emit('render-process-gone', {}, { reason: 'crashed' }),
      (shell) => shell.stop(),
    ];
    for (const end of ends) {
      resetFakeElectron();
      const shell = openShell();
      const opened = shell.nextChannel();
      await loadPreload();
      const channel = await opened;
      const closed = closeOf(channel);
      end(shell);
      await closed;
      channel.send('nobody there');
      expect(shell.cuts).toEqual([]);
      shell.stop();
    }
  });

  it('leaves no listener behind when it is destroyed', () => {
    const shell = openShell();
    shell.contents.destroy();
    expect(ipcMain.listenerCount(ipcChannel)).toBe(0);
  });
});

describe('bad messages', () => {
  const raw = (message: unknown) => ipcRenderer.send(ipcChannel, message);

  it.each([
    [undefined],
    [null],
    ['text'],
    [{ kind: 'frame' }],
    [{ kind: 'frame', document: 'd' }],
    [{ kind: 'frame', document: 'd'.repeat(65), text: '1' }],
    [{ kind: 'taken', document: 'd', characters: -1 }],
    [{ kind: 'closed', document: 'd' }],
    [{ kind: 'other', document: 'd' }],
  ])('ignores %j', async (message) => {
    const shell = openShell();
    raw(message);
    await settled();
    expect(shell.channels).toHaveLength(0);
    shell.stop();
  });

  it.each([
    ['is not JSON', '{'],
    ['is larger than a frame may be', JSON.stringify('x'.repeat(maxCallFrameBytes))],
    ['is too large in bytes only', JSON.stringify('€'.repeat(maxCallFrameBytes / 2))],
  ])('cuts a page whose frame %s', async (_name, text) => {
    const shell = openShell();
    const opened = shell.nextChannel();
    raw({ kind: 'open', document: 'd' });
    const channel = await opened;
    const closed = closeOf(channel);
    raw({ kind: 'frame', document: 'd', text });
    await closed;
    expect(shell.cuts).toEqual([1]);
    shell.stop();
  });

  it('cuts a page that floods before the session listens', async () => {
    const shell = openShell();
    const opened = shell.nextChannel();
    raw({ kind: 'open', document: 'd' });
    const closed = closeOf(await opened);
    for (let i = 0; i < 300; i++) raw({ kind: 'frame', document: 'd', text: '1' });
    await closed;
    expect(shell.cuts).toEqual([1]);
    shell.stop();
  });

  it('cuts a page that takes nothing while much waits for it, and counts only what was sent as taken', async () => {
    const shell = openShell();
    const opened = shell.nextChannel();
    raw({ kind: 'open', document: 'd' });
    const channel = await opened;
    const text = 'x'.repeat(8 * 1024 * 1024);
    channel.send(text);
    expect(channel.bufferedBytes()).toBe(text.length + 2);
    raw({ kind: 'taken', document: 'd', characters: 1e15 });
    await settled();
    expect(channel.bufferedBytes()).toBe(0);
    const closed = closeOf(channel);
    for (let i = 0; i < 9; i++) channel.send(text);
    await closed;
    expect(shell.cuts).toEqual([1]);
    shell.stop();
  });
});

describe('the preload script', () => {
  it('gives the page two functions and nothing else', async () => {
    openShell();
    const bridge = await loadPreload();
    expect([...exposed.keys()]).toEqual(['hopscope']);
    expect(Object.keys(bridge).sort()).toEqual(['onFrame', 'send']);
  });

  it('keeps frames that come before the page listens', async () => {
    const shell = openShell();
    const opened = shell.nextChannel();
    const bridge = await loadPreload();
    const server = await opened;
    server.send('early');
    await settled();
    const [first] = await collect(pageChannel(bridge, shell.contents), 1);
    expect(first).toBe('early');
    shell.stop();
  });
});
