// One flow that ended as one line of an access log. Pure. Whatever a client sends stays inside its line: JSON escapes line
// breaks, the common formats escape everything but printable ASCII, quotes and backslashes as Apache httpd does.
import type { AccessLogFormat } from '../contract/accessLogApi';
import type { EndedFlow } from '../engine/endedFlow';

/** A request head may be far longer; a line of a log should not be. */
const maxFieldLength = 2048;

/** With its line feed. `endedAt` in milliseconds since 1970. */
export function accessLogLine(format: AccessLogFormat, flow: EndedFlow, endedAt: number): string {
  return format === 'json' ? jsonLine(flow, endedAt) : commonLine(format, flow, endedAt);
}

function jsonLine({ request, client, ...flow }: EndedFlow, endedAt: number): string {
  const line = {
    time: new Date(endedAt).toISOString(),
    flowId: flow.flowId,
    flow: flow.flow,
    listener: flow.listener,
    client: client.address,
    clientPort: client.port,
    ...(flow.serverName === null ? {} : { serverName: cut(flow.serverName) }),
    ...(request === null
      ? {}
      : {
          method: cut(request.method),
          target: cut(request.target),
          version: request.version,
          host: cut(request.host),
          ...(request.referer === '' ? {} : { referer: cut(request.referer) }),
          ...(request.userAgent === '' ? {} : { userAgent: cut(request.userAgent) }),
        }),
    ...(flow.status === 0 ? {} : { status: flow.status }),
    requestBytes: flow.requestBytes,
    responseBytes: flow.responseBytes,
    durationMs: Math.round(flow.durationMs * 1000) / 1000,
    outcome: flow.outcome,
    ...(flow.failure === null ? {} : { failure: flow.failure }),
    ...(flow.route === null ? {} : { route: flow.route }),
    ...(flow.pool === null ? {} : { pool: flow.pool }),
    ...(flow.endpoint === null ? {} : { endpoint: flow.endpoint }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Common Log Format (https://httpd.apache.org/docs/2.4/logs.html#common). The user is never told: it came with a secret. */
function commonLine(format: 'clf' | 'combined', flow: EndedFlow, endedAt: number): string {
  const { request, status, responseBytes } = flow;
  const client = flow.client.address === '' ? '-' : flow.client.address;
  const what =
    request === null ? l4Words(flow) : `${cut(request.method)} ${cut(request.target)} ${request.version}`;
  const bytes = responseBytes === 0 ? '-' : responseBytes;
  const line = `${client} - - [${commonDate(endedAt)}] "${escaped(what)}" ${status === 0 ? '-' : status} ${bytes}`;
  if (format === 'clf') return `${line}\n`;
  const quote = (value: string | undefined) =>
    escaped(value === undefined || value === '' ? '-' : cut(value));
  return `${line} "${quote(request?.referer)}" "${quote(request?.userAgent)}"\n`;
}

function l4Words({ flow, serverName }: EndedFlow): string {
  if (flow === 'http') return '-';
  return serverName === null ? flow.toUpperCase() : `${flow.toUpperCase()} ${cut(serverName)}`;
}

function cut(text: string): string {
  return text.length > maxFieldLength ? `${text.slice(0, maxFieldLength)}…` : text;
}

function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return [...Buffer.from(character, character <= 'ÿ' ? 'latin1' : 'utf8')]
      .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      .join('');
  });
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** 10/Oct/2000:13:55:36 +0000 */
function commonDate(at: number): string {
  const iso = new Date(at).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
