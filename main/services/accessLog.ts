// A line for every flow that ends. At most one access log per engine.
import type { AccessLogFormat } from '../contract/accessLogApi';
import type { Engine } from '../engine/engine';
import { accessLogLine } from './accessLogLine';

export interface LineSink {
  /** `line` with its line end; must not throw. */
  write(line: string): unknown;
}

/** Returns how to stop. */
export function startAccessLog(engine: Engine, sink: LineSink, format: AccessLogFormat): () => void {
  engine.flowEnds.listener = (flow) => {
    sink.write(accessLogLine(format, flow, Date.now()));
  };
  return () => {
    engine.flowEnds.listener = null;
  };
}
