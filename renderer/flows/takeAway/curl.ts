import type { Flow } from '../../../main/contract/flow';
import { type FlowEvent, maskedValue } from '../../../main/contract/flowEvent';
import { headerWords, ownType } from '../../composer/formatCurl';
import { shellQuote } from '../../stores/shellQuote';
import { type TakenFlow, urlOf } from './har';
import { harPostData } from './harBodies';

/** What curl sets by itself, or what belongs to one connection. */
const ownFields =
  /^(?:host|connection|content-length|transfer-encoding|expect|keep-alive|proxy-connection)$/i;

export interface CurlCommand {
  /** For a POSIX shell. */
  readonly command: string;
  /** What of the request it does not have, in words. */
  readonly missing: readonly string[];
}

/** The same request again, to the same listener, with its body where that was captured whole and is text; null = no request was seen, or curl cannot be told to send it. */
export function curlOf({ flow, events }: TakenFlow): CurlCommand | null {
  const asked = events.find((event) => event.kind === 'request.head' && event.leg === 'downstream');
  if (asked?.kind !== 'request.head' || !asked.target.startsWith('/')) return null;
  const fields = asked.headers.filter(([name]) => !ownFields.test(name) && !name.startsWith(':'));
  const isMasked = ([, value]: readonly [string, string]) => value.includes(maskedValue);
  const url = urlOf(flow, asked, events).text;
  const end = events.find((event) => event.kind === 'request.end' && event.leg === 'downstream');
  const hasBody = end?.kind === 'request.end' && end.bodyBytes > 0;
  const captured = hasBody ? harPostData(asked.headers, events) : null;
  // A comment says that it was cut or is no text; no argument of a command can hold a NUL.
  const isWhole = captured !== null && captured.comment === undefined && !captured.text.includes('\0');
  const body = isWhole ? captured.text : null;
  const words = [
    'curl -v -g --path-as-is',
    asked.stream === undefined
      ? '--http1.1'
      : url.startsWith('https:')
        ? '--http2'
        : '--http2-prior-knowledge',
    ...(url.startsWith('https:') ? ['-k'] : []),
    ...(asked.method === 'HEAD' ? ['-I'] : asked.method === 'GET' ? [] : [`-X ${shellQuote(asked.method)}`]),
    ...connectTo(events, flow),
    ...headerWords(fields.filter((field) => !isMasked(field))),
    ...(body === null ? [] : [...ownType(fields), `--data-raw ${shellQuote(body)}`]),
    shellQuote(url),
  ];
  return {
    command: words.join(' '),
    missing: [
      ...fields.filter(isMasked).map(([name]) => `${name} (masked)`),
      ...(hasBody && body === null ? ['the body'] : []),
    ],
  };
}

function connectTo(events: readonly FlowEvent[], flow: Flow): string[] {
  const opened = events.find(
    (event) => event.kind === 'connection.opened' && event.connectionId === flow.downstreamConnectionId,
  );
  if (opened?.kind !== 'connection.opened') return [];
  const { address, port } = opened.local;
  return [`--connect-to ${shellQuote(`::${address.includes(':') ? `[${address}]` : address}:${port}`)}`];
}
