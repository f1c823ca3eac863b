// `hopscope explain FILE --listener web 'GET http://…'`: which route would win and why not the others, sending nothing.
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import type { PredicateTrace, RouteTrace } from '../contract/flowEvent';
import { explainDocument } from '../services/hopscopeApi';
import { readWorkspaceFile } from './check';
import { type CommandIo, type ExitCode, parseCommand, printIssues, UsageError } from './commandLine';

const help = `Usage: hopscope explain FILE --listener ID 'METHOD URL' [-H 'name: value']... [--text]

  Prints the decision as JSON: the winning route, every route that was tried, and the predicate on which each one missed.

  --listener ID            the listener that gets the request (default: the only one)
  -H, --header 'n: v'      a header of the request; may be repeated
  --text                   for people instead of JSON
  -h, --help               this text
`;

const options = {
  listener: { type: 'string' },
  header: { type: 'string', short: 'H', multiple: true, default: [] as string[] },
  text: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function runExplain(args: string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseCommand(args, { ...options, header: { ...options.header } });
  if (values.help) {
    io.stdout.write(help);
    return 0;
  }
  const [path, requestText, extra] = positionals;
  if (path === undefined || requestText === undefined) {
    throw new UsageError(`name the FILE and the request, such as 'GET http://shop.test/'`);
  }
  if (extra !== undefined) throw new UsageError(`"${extra}" is too much; put quotes around 'METHOD URL'`);
  const request = { ...parseRequest(requestText), headers: values.header.map(parseHeader) };

  const text = await readWorkspaceFile(path, io);
  if (text === null) return 2;
  const { workspace, document, issues } = checkWorkspaceText(text);
  if (workspace === null) {
    printIssues(issues, path, io);
    return 1;
  }
  const listener = values.listener ?? onlyListener(workspace.listeners.map(({ id }) => id));
  const explanation = explainDocument(document, listener, request);
  if (!values.text) {
    io.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
    return 0;
  }
  const { winner, trace, destination } = explanation;
  const verdict = destination === undefined ? (winner ?? 'no route') : verdictWords[destination.verdict];
  const lines = [`${request.method} ${request.url} on ${listener}: ${verdict}`];
  if (destination !== undefined)
    lines.push(`  ${destination.hostname} port ${destination.port}: ${destination.reason}`);
  for (const route of trace.routes) lines.push(`  ${describeRoute(route)}`);
  if (trace.omittedRoutes > 0) lines.push(`  … and ${trace.omittedRoutes} more routes`);
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

const verdictWords = {
  allowed: 'allowed',
  refused: 'refused',
  byAddress: 'allowed or not, by address',
} as const;

function parseRequest(text: string): { readonly method: string; readonly url: string } {
  const parts = text.trim().split(/\s+/);
  const [first = '', second] = parts;
  if (parts.length === 1) return { method: 'GET', url: first };
  if (parts.length === 2 && /^[A-Z]+(-[A-Z]+)*$/.test(first)) return { method: first, url: second! };
  throw new UsageError(`"${text}" is not METHOD URL, such as 'GET http://shop.test/'`);
}

function parseHeader(text: string): [string, string] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(text);
  if (match === null) throw new UsageError(`"${text}" is not a header; write it as 'name: value'`);
  return [match[1]!, match[2]!.trim()];
}

function onlyListener(ids: readonly string[]): string {
  if (ids.length === 1) return ids[0]!;
  throw new UsageError(`name the listener with --listener; the workspace has ${ids.join(', ') || 'none'}`);
}

function describeRoute({ route, outcome, predicates }: RouteTrace): string {
  const missed = predicates.find((predicate) => !predicate.holds);
  if (outcome === 'missed' && missed !== undefined) return `missed    ${route}: ${describeMiss(missed)}`;
  const held = predicates.map(({ predicate, expected }) => `${predicate} ${expected}`).join(', ');
  return `${outcome.padEnd(9)} ${route}: ${held || 'everything matches'}`;
}

function describeMiss({ predicate, expected, actual }: PredicateTrace): string {
  return `${predicate} asked for ${expected}, the request has ${actual ?? 'none'}`;
}
