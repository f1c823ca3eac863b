// HAR 1.2, as far as it is written here: http://www.softwareishard.com/blog/har-12-spec/

export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    /** Oldest first. */
    readonly entries: readonly HarEntry[];
    readonly comment?: string;
  };
}

export interface HarEntry {
  /** ISO 8601. */
  readonly startedDateTime: string;
  /** Milliseconds; the sum of all timings but -1 and `ssl`, which is part of `connect`. */
  readonly time: number;
  readonly request: HarRequest;
  readonly response: HarResponse;
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: HarTimings;
  readonly serverIPAddress?: string;
  readonly connection?: string;
  readonly comment?: string;
}

export interface HarField {
  readonly name: string;
  readonly value: string;
}

export interface HarCookie extends HarField {
  readonly path?: string;
  readonly domain?: string;
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

interface HarMessage {
  readonly httpVersion: string;
  readonly cookies: readonly HarCookie[];
  readonly headers: readonly HarField[];
  /** -1 = not known. */
  readonly headersSize: number;
  readonly bodySize: number;
  readonly comment?: string;
}

export interface HarRequest extends HarMessage {
  readonly method: string;
  readonly url: string;
  readonly queryString: readonly HarField[];
  readonly postData?: HarPostData;
}

export interface HarPostData {
  readonly mimeType: string;
  readonly params: readonly never[];
  readonly text: string;
  /** HAR 1.2 has no place for bytes that are no text: readers pass by a field that begins with "_". */
  readonly _base64?: string;
  readonly comment?: string;
}

export interface HarResponse extends HarMessage {
  /** 0 = the client got no answer. */
  readonly status: number;
  readonly statusText: string;
  readonly content: HarContent;
  readonly redirectURL: string;
}

export interface HarContent {
  readonly size: number;
  readonly mimeType: string;
  readonly text?: string;
  readonly encoding?: 'base64';
  readonly comment?: string;
}

/** Milliseconds; -1 = does not apply or is not known. `send`, `wait` and `receive` may not be -1. */
export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
  readonly comment?: string;
}
