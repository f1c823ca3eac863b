// What the composer's form holds, as it is typed: numbers are texts until they are sent.

export type ComposerMode = 'http' | 'webSocket' | 'raw';

export type ComposedBody =
  | { readonly kind: 'text'; readonly text: string }
  /** A file that was chosen. */
  | { readonly kind: 'file'; readonly name: string; readonly data: string; readonly bytes: number }
  /** So many bytes of numbered lines. */
  | { readonly kind: 'fill'; readonly bytes: string };

export interface ComposedPieces {
  readonly by: 'none' | 'count' | 'size' | 'offsets';
  readonly count: string;
  readonly size: string;
  /** "10, 200". */
  readonly offsets: string;
  readonly headApart: boolean;
  readonly pauseMs: string;
}

export interface ComposedTls {
  /** `host` = the host name of the URL; `none` = no SNI; `other` = `otherName`. */
  readonly serverName: 'host' | 'none' | 'other';
  readonly otherName: string;
  readonly verify: boolean;
  readonly alpn: 'auto' | 'h2' | 'http/1.1' | 'both' | 'none';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Id of the certificate to show; '' = none. */
  readonly clientCertificate: string;
}

/** When the request is given up on purpose. */
export interface ComposedGiveUp {
  readonly after: 'never' | 'pieces' | 'head' | 'time';
  readonly pieces: string;
  readonly ms: string;
  /** Of the reset of an HTTP/2 stream. */
  readonly code: 'CANCEL' | 'NO_ERROR' | 'INTERNAL_ERROR' | 'PROTOCOL_ERROR';
}

export interface ComposedRepeat {
  readonly isOn: boolean;
  readonly times: string;
  /** '' = as fast as it goes. */
  readonly perSecond: string;
  readonly concurrency: string;
  readonly reuse: boolean;
  readonly countBy: string;
}

export interface ComposedRaw {
  /** `text` has escapes (\r, \n, \t, \0, \xHH, \\); `hex` is pairs of digits. */
  readonly format: 'text' | 'hex';
  readonly text: string;
  /** What a line break in the text is sent as. */
  readonly lineBreak: 'crlf' | 'lf' | 'none';
  readonly halfClose: boolean;
  /** It is over when nothing came for so long. */
  readonly silenceMs: string;
}

export interface Composed {
  readonly mode: ComposerMode;
  readonly method: string;
  readonly url: string;
  /** Id of the listener that is connected to whatever the URL says; '' = the URL decides. */
  readonly through: string;
  readonly protocol: 'http1' | 'h2' | 'auto';
  /** One "name: value" a line. */
  readonly headers: string;
  readonly body: ComposedBody;
  readonly framing: 'length' | 'chunked';
  readonly trailers: string;
  readonly expectContinue: boolean;
  readonly pieces: ComposedPieces;
  readonly giveUp: ComposedGiveUp;
  readonly streams: string;
  readonly tls: ComposedTls;
  readonly repeat: ComposedRepeat;
  /** It failed when nothing came and nothing went for so long. */
  readonly patienceSeconds: string;
  readonly raw: ComposedRaw;
  /** Offered subprotocols, "chat, v2". */
  readonly webSocketProtocols: string;
}

/** What a form begins with. */
export const firstComposed: Composed = {
  mode: 'http',
  method: 'GET',
  url: '',
  through: '',
  protocol: 'http1',
  headers: '',
  body: { kind: 'text', text: '' },
  framing: 'length',
  trailers: '',
  expectContinue: false,
  pieces: { by: 'none', count: '5', size: '1024', offsets: '', headApart: false, pauseMs: '200' },
  giveUp: { after: 'never', pieces: '1', ms: '500', code: 'CANCEL' },
  streams: '1',
  tls: {
    serverName: 'host',
    otherName: '',
    verify: true,
    alpn: 'auto',
    maxVersion: 'TLSv1.3',
    clientCertificate: '',
  },
  repeat: {
    isOn: false,
    times: '20',
    perSecond: '10',
    concurrency: '1',
    reuse: true,
    countBy: 'x-served-by',
  },
  patienceSeconds: '30',
  raw: {
    format: 'text',
    text: 'GET / HTTP/1.1\nHost: localhost\n\n',
    lineBreak: 'crlf',
    halfClose: false,
    silenceMs: '2000',
  },
  webSocketProtocols: '',
};
