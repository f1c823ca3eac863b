// Results as text, as dated JSON, and as the table of docs/performance.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const defaultFigure = { key: 'cpuMicroseconds', label: 'µs CPU a request' };
const begin = '<!-- bench: begin (npm run bench -- --write-docs writes this) -->';
const end = '<!-- bench: end -->';

export const figureOf = (work) => work.figure ?? defaultFigure;

/** Whether the goals of a work are met: `{ text, value, must, aim, isMet }` each. Ratio = the peer's figure by ours. */
export function verdicts({ goals = [], figure = defaultFigure, rows }) {
  return goals.flatMap((goal) => {
    const row = rows.find(({ name }) => name === (goal.row ?? 'hopscope'));
    if (row === undefined) return [];
    if (goal.limit !== undefined) {
      const value = row[figure.key];
      return [
        {
          text: figure.label,
          value,
          must: `≤ ${goal.limit}`,
          aim: `≤ ${goal.aim}`,
          isMet: value <= goal.limit,
        },
      ];
    }
    const peer =
      goal.peer === 'best npm proxy' ? bestNpm(rows, figure) : rows.find(({ name }) => name === goal.peer);
    if (peer === undefined) return [];
    const value = Number((peer[figure.key] / row[figure.key]).toFixed(2));
    const text = `${row.name} × ${peer.name}`;
    return [{ text, value, must: `≥ ${goal.must}`, aim: `≥ ${goal.aim}`, isMet: value >= goal.must }];
  });
}

function bestNpm(rows, { key }) {
  const names = ['http-proxy', 'http-proxy-3', 'fast-proxy', '@fastify/http-proxy'];
  return rows.filter(({ name }) => names.includes(name)).sort((a, b) => a[key] - b[key])[0];
}

/** A work's result as Markdown. */
export function tableOf({ title, figure = defaultFigure, rows, skipped = [], goals }) {
  const columns = [
    [figure.label, (row) => row[figure.key]],
    ['of which user', (row) => row.ofWhichUser],
    ['requests/s', (row) => row.requestsPerSecond],
    ['core busy', (row) => busyText(row)],
    ['files left', (row) => row.filesLeft],
    ['minutes', (row) => row.minutes],
  ].filter(([, read]) => read(rows[0]) !== undefined);
  const lines = [
    `**${title}**`,
    '',
    `| proxy | ${columns.map(([name]) => name).join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...rows.map((row) => `| ${row.name} | ${columns.map(([, read]) => read(row)).join(' | ')} |`),
    '',
    ...verdicts({ goals, figure, rows }).map(
      ({ text, value, must, aim, isMet }) =>
        `- ${text}: **${value}** (must ${must}, aim ${aim})${isMet ? '' : ' — not reached'}`,
    ),
    ...(skipped.length === 0 ? [] : [`- not measured: ${skipped.join('; ')}`]),
  ];
  return lines.join('\n');
}

function busyText({ busyShare, isLoadBound }) {
  if (busyShare === undefined) return undefined;
  return `${Math.round(busyShare * 100)} %${isLoadBound ? ' (load was the bound)' : ''}`;
}

/** Adds results to the file of the day in `folder`, replacing earlier ones of the same work. */
export function writeDated(folder, { date, machine, settings, results }) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${date.slice(0, 10)}.json`);
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : [];
  const kept = earlier.filter(({ id }) => !results.some((result) => result.id === id));
  const stamped = results.map((result) => ({ ...result, date, settings }));
  writeFileSync(file, `${JSON.stringify({ machine, results: [...kept, ...stamped] }, null, 2)}\n`);
}

/** Puts the newest result of every work between the markers of the document. */
export function writeTable(document, folder, works) {
  const newest = new Map();
  let machine;
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    const day = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    machine = day.machine;
    for (const result of day.results) newest.set(result.id, result);
  }
  const ordered = works.map(({ id }) => newest.get(id)).filter((result) => result !== undefined);
  const blocks = ordered.map((result) => `${tableOf(result)}\n- ${result.date.slice(0, 10)}`);
  const head = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.`;
  const text = readFileSync(document, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start === -1 || stop === -1) throw new Error(`${document} has no place for the table`);
  const generated = `${begin}\n\n${head}\n\n${blocks.join('\n\n')}\n\n`;
  writeFileSync(document, text.slice(0, start) + generated + text.slice(stop));
}
