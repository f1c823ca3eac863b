import { useRef, useState } from 'react';
import type { HopscopeApi } from '../../../main/contract/api';
import type { BothPair } from '../../../main/contract/bothApi';
import type { ComposerStore } from '../../composer/composerStore';
import type { Surroundings } from '../../composer/wayOfUrl';
import type { FlowStore } from '../../stores/flowState';
import { type BothForm, type ChosenWays, composedOfBoth, numberProblem } from './bothForm';
import { type SentPair, sendOwnPair } from './sendOwnPair';
import { compareWays } from './sentWays';

export interface SendBothProps {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly composer: ComposerStore;
  readonly around: Surroundings;
}

export interface Sending {
  readonly isBusy: boolean;
  /** Why nothing can be compared, in words; null = nothing went wrong. */
  readonly error: string | null;
  send(): Promise<void>;
  cancel(): void;
}

/** Sends what the dialog holds, and compares; then the dialog and the client's form make room for the comparison. */
export function useSending(
  { api, flowStore, composer, around }: SendBothProps,
  form: BothForm,
  chosen: ChosenWays | null,
): Sending {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const send = async () => {
    const problem = numberProblem(form);
    if (problem !== null) return setError(problem);
    setBusy(true);
    setError(null);
    running.current = new AbortController();
    try {
      flowStore.getState().setPaused(false);
      const ways =
        form.pair === 'own'
          ? await sendOwn({ api, composer, around }, form, chosen, running.current.signal)
          : await sendReady(api, form, form.pair);
      if (running.current.signal.aborted) return;
      const isThere = await compareWays(flowStore, ways);
      const why = problemOf(ways);
      if (isThere && why === null) {
        composer.close();
        return composer.closeBoth();
      }
      setError(why ?? 'Both were sent, but their flows are not in the list: it shows a sample. Try again.');
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
    setBusy(false);
  };
  const cancel = () => {
    if (!isBusy) return;
    running.current?.abort();
    // An own pair is cancelled by its signal.
    if (form.pair !== 'own') void api.call('cancelSendThroughBoth', undefined).catch(() => undefined);
  };
  return { isBusy, error, send, cancel };
}

function sendReady(api: HopscopeApi, form: BothForm, pair: BothPair): Promise<SentPair> {
  const [pieces, pieceBytes, pauseMs] = [Number(form.pieces), Number(form.pieceBytes), Number(form.pauseMs)];
  return api.call('sendThroughBoth', { pair, pieces, pieceBytes, pauseMs });
}

function sendOwn(
  { api, composer, around }: Omit<SendBothProps, 'flowStore'>,
  form: BothForm,
  chosen: ChosenWays | null,
  signal: AbortSignal,
): Promise<SentPair> {
  if (chosen === null) throw new Error(ownRefusal(around));
  const { a, b, targets } = chosen;
  if (a === b) throw new Error('A and B are the same way: choose another one for B.');
  const typed = composer.getState().composed;
  const isFromComposer = form.source === 'composer' && typed.url !== '';
  // Sent once: a comparison is of two flows, not of two rates.
  const composed = { ...typed, repeat: { ...typed.repeat, isOn: false } };
  const of = (target: string) => (isFromComposer ? composed : composedOfBoth(form, target));
  return sendOwnPair(
    api,
    { a: { way: a, composed: of(targets.a) }, b: { way: b, composed: of(targets.b) } },
    around,
    signal,
  );
}

function problemOf({ a, b }: SentPair): string | null {
  if (a.result.problem !== null) return `A, listener ${a.listener}: ${a.result.problem}`;
  return b.result.problem === null ? null : `B, listener ${b.listener}: ${b.result.problem}`;
}

/** Why there is no own pair. */
export function ownRefusal({ listeners }: Surroundings): string {
  return listeners.length === 0
    ? 'None of your listeners runs: add them on the Routes screen and apply.'
    : 'Only one way through your workspace runs: add another listener or route and apply.';
}
