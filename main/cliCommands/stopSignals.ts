export interface StopSignals {
  /** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once. */
  readonly stopped: Promise<NodeJS.Signals>;
  close(): void;
}

const stopping = ['SIGTERM', 'SIGINT'] as const;
/** Shells add the number of the signal to 128. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

export function listenForStop(): StopSignals {
  let stop: (signal: NodeJS.Signals) => void = () => undefined;
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = resolve;
  });
  let isStopping = false;
  const onSignal = (signal: (typeof stopping)[number]) => {
    if (isStopping) process.exit(exitCodes[signal]);
    isStopping = true;
    stop(signal);
  };
  for (const signal of stopping) process.on(signal, onSignal);
  return {
    stopped,
    close: () => {
      for (const signal of stopping) process.off(signal, onSignal);
    },
  };
}
