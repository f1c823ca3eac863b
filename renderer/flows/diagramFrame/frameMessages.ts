// What the page and its sandboxed diagram frame say to each other. The frame has no origin, so each message carries
// the channel that the page made up for this frame, and both sides check who sent it.

/** Text and how to show it. Values of `colors` come from the app's tokens. */
export interface DrawMessage {
  readonly type: 'draw';
  readonly id: number;
  readonly text: string;
  readonly rowCount: number;
  /** What is drawn; a new subject starts at the top. */
  readonly subject: string;
  /** Keep the end in view when it was in view before. */
  readonly isFollowing: boolean;
}

export interface ColorsMessage {
  readonly type: 'colors';
  /** Custom properties without the dashes, e.g. { text: '#171c23' }. */
  readonly colors: Readonly<Record<string, string>>;
  readonly isDark: boolean;
}

/** The row that the user stands on; null = none. */
export interface MarkMessage {
  readonly type: 'mark';
  readonly row: number | null;
}

/** `fit` = as wide as the frame, never larger than 100 %; a number is a share of 100 %. */
export type Zoom = 'fit' | number;

export interface ZoomMessage {
  readonly type: 'zoom';
  readonly zoom: Zoom;
}

export interface ScrollMessage {
  readonly type: 'scroll';
  readonly top: number;
  readonly left: number;
}

/** Asks for the drawing on screen as a picture of its own. */
export interface ExportMessage {
  readonly type: 'export';
  readonly id: number;
}

export type ToFrame = DrawMessage | ColorsMessage | MarkMessage | ZoomMessage | ScrollMessage | ExportMessage;

export type FromFrame =
  | { readonly type: 'ready' }
  | { readonly type: 'drawn'; readonly id: number; readonly milliseconds: number; readonly rowCount: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly milliseconds: number }
  /** The share of 100 % that is shown now. */
  | { readonly type: 'scale'; readonly scale: number }
  /** An SVG document that needs nothing else; '' = nothing is drawn. */
  | { readonly type: 'exported'; readonly id: number; readonly svg: string }
  | { readonly type: 'scrolled'; readonly top: number; readonly left: number }
  | { readonly type: 'row'; readonly row: number }
  | { readonly type: 'key'; readonly key: string };

export interface Envelope<Message> {
  readonly channel: string;
  readonly message: Message;
}

/** null = not for this channel, or not an envelope at all. */
export function openEnvelope<Message>(data: unknown, channel: string): Message | null {
  if (typeof data !== 'object' || data === null) return null;
  const envelope = data as Partial<Envelope<Message>>;
  if (envelope.channel !== channel || channel === '') return null;
  return envelope.message ?? null;
}
