// The Flows screen in a real Chromium; the figures of all its measures are in the JSON (`--out`).
import { findBrowser } from '../../../scripts/findBrowser.mjs';
import { measureFlows } from '../flows.mjs';

export default {
  id: 'flows',
  order: 950,
  title: 'The Flows screen open: from a request to its row on screen, at 1,000 requests a second',
  onlyWhenNamed: true,
  figure: { key: 'p95Milliseconds', label: 'ms from request to pixel (p95)' },
  goals: [{ limit: 250, aim: 150 }],
  unavailable: () => (findBrowser() === null ? 'there is no Chromium' : null),
  async run(_processes, { seconds, rounds, minutes }) {
    const figures = await measureFlows({ seconds, rounds, minutes: Math.min(minutes, 5) });
    const { latency } = figures;
    const row = {
      name: 'hopscope',
      p95Milliseconds: latency.p95,
      requestsPerSecond: latency.requestsPerSecond,
    };
    return { rows: [row], figures };
  },
};
