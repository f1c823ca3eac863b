// A recorded flow once more: as it was, or changed first.
import type { ComposerStore } from '../composer/composerStore';
import type { FlowStore } from '../stores/flowState';
import { composedFromFlow, type FromFlow } from './composedFromFlow';

/** Sends it at once where nothing of it is missing; else it waits in the composer, which says what to fill in. */
export function resend(flowId: number, flowStore: FlowStore, composer: ComposerStore): void {
  const taken = take(flowId, flowStore);
  const isWhole = taken.kind === 'request' && taken.missing.length === 0;
  putInto(composer, taken, isWhole ? null : 'It was not sent: look it over first.');
  if (isWhole) composer.send();
}

export function editAndResend(flowId: number, flowStore: FlowStore, composer: ComposerStore): void {
  putInto(composer, take(flowId, flowStore), null);
}

/** null = it can be sent again. */
export function resendRefusal(flowId: number, flowStore: FlowStore): string | null {
  const taken = take(flowId, flowStore);
  return taken.kind === 'refused' ? taken.reason : null;
}

function take(flowId: number, flowStore: FlowStore): FromFlow {
  const record = flowStore.getState().recordOf(flowId);
  return record === null
    ? { kind: 'refused', reason: 'it is no longer remembered' }
    : composedFromFlow(record);
}

function putInto(composer: ComposerStore, taken: FromFlow, more: string | null): void {
  if (taken.kind === 'refused') {
    composer.open();
    composer.notify(`This flow cannot be sent again: ${taken.reason}.`);
    return;
  }
  const lacks = taken.missing.length === 0 ? [] : [`Not in the record: ${taken.missing.join('; ')}.`];
  const notice = [...lacks, ...(more === null ? [] : [more])].join(' ');
  composer.take(taken.composed, notice === '' ? null : notice);
}
