import { describe, expect, it } from 'vitest';
import { EngineMetrics } from '../../../main/engine/engineMetrics';
import { escapeLabel, formatOpenMetrics } from '../../../main/services/metrics';
import { startMetricsServer } from '../../../main/services/metricsServer';

function sample(): EngineMetrics {
  const metrics = new EngineMetrics();
  const web = metrics.counters('listener', 'web');
  web.connections = 2;
  web.openConnections = 1;
  web.requestBytes = 10;
  web.countFlow(200, false, 3);
  web.countFlow(502, true, 20_000);
  metrics.counters('endpoint', 'a"b\\c\nd').countFlow(0, false, 1);
  metrics.availability.set('p/127.0.0.1:1', true).set('p/127.0.0.1:2', false);
  return metrics;
}

describe('formatOpenMetrics', () => {
  const text = formatOpenMetrics(sample());
  const lines = text.split('\n');

  it.each([
    '# TYPE hopscope_listener_flows counter',
    'hopscope_listener_flows_total{listener="web"} 2',
    'hopscope_listener_errors_total{listener="web"} 1',
    'hopscope_listener_open_connections{listener="web"} 1',
    '# UNIT hopscope_listener_request_bytes bytes',
    'hopscope_listener_request_bytes_total{listener="web"} 10',
    'hopscope_listener_responses_total{listener="web",class="2xx"} 1',
    'hopscope_listener_responses_total{listener="web",class="5xx"} 1',
    'hopscope_listener_flow_duration_seconds_bucket{listener="web",le="0.002048"} 0',
    'hopscope_listener_flow_duration_seconds_bucket{listener="web",le="0.004096"} 1',
    'hopscope_listener_flow_duration_seconds_bucket{listener="web",le="1.048576"} 1',
    'hopscope_listener_flow_duration_seconds_bucket{listener="web",le="+Inf"} 2',
    'hopscope_listener_flow_duration_seconds_count{listener="web"} 2',
    'hopscope_listener_flow_duration_seconds_sum{listener="web"} 20.003',
    '# TYPE hopscope_endpoint_available gauge',
    'hopscope_endpoint_available{endpoint="p/127.0.0.1:1"} 1',
    'hopscope_endpoint_available{endpoint="p/127.0.0.1:2"} 0',
    'hopscope_endpoint_flows_total{endpoint="a\\"b\\\\c\\nd"} 1',
  ])('says %s', (line) => {
    expect(lines).toContain(line);
  });

  it('ends with the end mark and nothing after it', () => {
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(formatOpenMetrics(new EngineMetrics())).toBe('# EOF\n');
  });

  it('writes every line in a form that a scraper reads, each family once', () => {
    const sampleLine =
      /^[a-z_]+\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,(?:le|class)="[0-9.+a-zA-Z]+")?\} -?[0-9.e+-]+$/;
    for (const line of lines.slice(0, -2)) {
      expect(line.startsWith('# ') || sampleLine.test(line), line).toBe(true);
    }
    const types = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(types).size).toBe(types.length);
  });

  it('escapes what the format escapes', () => {
    expect(escapeLabel('plain:1')).toBe('plain:1');
  });
});

describe('startMetricsServer', () => {
  it('serves the metrics on loopback and nothing else', async () => {
    const server = await startMetricsServer(sample(), 0);
    const base = `http://127.0.0.1:${server.port}`;
    const reply = await fetch(`${base}/metrics`);
    expect(reply.headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0');
    expect(await reply.text()).toContain('hopscope_listener_flows_total');
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: 'POST' })).status).toBe(405);
    await server.close();
  });
});
