// docs/sample-servers.md is made from the code: `npx vitest run test/main/lab/samples/sampleDocs.test.ts -u` writes it anew.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleNames } from '../../../../main/contract/sampleApi';
import { fewConnections, manyConnections, patience } from '../../../../main/lab/samples/sample';
import { sampleKinds } from '../../../../main/lab/samples/sampleKinds';
import { portsToTry, samplePorts } from '../../../../main/lab/samples/samplePorts';

const words = { http: 'HTTP/1.1', h2: 'HTTP/2, in the clear', tls: 'HTTPS', tcp: 'TCP' } as const;
const docs = join(import.meta.dirname, '../../../../docs/sample-servers.md');

function page(): string {
  const [usual, second, third] = portsToTry('apple');
  const byPort = [...sampleNames].sort((a, b) => samplePorts[a] - samplePorts[b]);
  const rows = byPort.map(
    (name) =>
      `| ${samplePorts[name]} | ${name} | ${words[sampleKinds[name].kind]} | ${sampleKinds[name].about} |`,
  );
  const commands = byPort.map((name) => `# ${name}\n${sampleKinds[name].hint(samplePorts[name])}`);
  return `# Sample servers

Real servers to route to, on 127.0.0.1 only. They are started and stopped one by one: Routes → Samples, or the menu of a pool,
or Start on an endpoint that leads to one. They stop with Hopscope.

| port | name | speaks | what it does |
| --- | --- | --- | --- |
${rows.join('\n')}

Where somebody else uses a port, the panel says so, and the sample takes the one that is ${second! - usual!} higher, then
${third! - usual!} higher, then any that is free.

Whatever a client does, each has bounds: ${manyConnections.toLocaleString('en')} connections (${fewConnections} of websocket and grpc), ${patience.silenceMs / 60_000} minutes of silence, ${patience.requestMs / 60_000} minutes
for a request to arrive, an hour for an answer or a connection without requests; who does not read is waited for.

## Try them

\`\`\`sh
${commands.join('\n\n')}
\`\`\`
`;
}

it('the documented sample servers are those of the code', async () => {
  await expect(page()).toMatchFileSnapshot(docs);
});

it('no two samples share a port, not even where they step aside', () => {
  const ports = sampleNames.flatMap((name) => portsToTry(name).filter((port) => port !== 0));
  expect(new Set(ports).size).toBe(ports.length);
});
