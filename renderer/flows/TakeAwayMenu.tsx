import { Check, ChevronDown, Download, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import { captureFileEnding } from '../../main/contract/captureFile';
import { Button } from '../components/Button';
import { CopyContext } from '../components/copyContext';
import { download } from '../components/download';
import { portalHost } from '../components/portalHost';
import { useOutcome } from '../components/useOutcome';
import { counted } from '../stores/flowFormat';
import type { FlowStore } from '../stores/flowState';
import { PcapngDialog } from './PcapngDialog';
import { captureFileOf, hasCapturedBytes } from './takeAway/captureFile';
import { curlOf } from './takeAway/curl';
import { harOf, harRefusal, type TakenFlow } from './takeAway/har';

/** Of a list, the newest so many are taken: a larger file no viewer opens in bearable time. */
const mostFlows = 1000;

/** Saves flows as HAR 1.2, as a capture file to open again, or as packets; one flow can be copied as a curl command too. */
export function TakeAwayMenu(props: {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  /** One flow; null = all that the list shows. */
  readonly flowId: number | null;
  readonly isDisabled?: boolean;
}) {
  const { api, flowStore, flowId } = props;
  const { said, run } = useOutcome();
  // Read when the menu opens, so that what it says is what it gives.
  const [flows, setFlows] = useState<readonly TakenFlow[]>([]);
  /** The flows to save packets of; null = nobody asked. */
  const [packetsOf, setPacketsOf] = useState<readonly TakenFlow[] | null>(null);
  const open = (isOpen: boolean) => setFlows(isOpen ? take(flowStore, flowId) : []);
  const label = said?.text ?? 'Take away';
  const Icon = said === null ? Download : said.isOk ? Check : X;
  const { isLive } = flowStore.getState();
  const isTooMany = flowId === null && flowStore.getState().visible.length > flows.length;
  return (
    <>
      <DropdownMenu.Root modal={false} onOpenChange={open}>
        <DropdownMenu.Trigger asChild>
          <Button
            size="small"
            variant={flowId === null ? 'secondary' : 'ghost'}
            icon={<Icon size={14} aria-hidden />}
            aria-label={label}
            disabled={props.isDisabled === true}
            title={props.isDisabled === true ? 'There is no flow to take away yet' : 'Save as a file'}
          >
            <span className={flowId === null ? 'flows-toolbar-detail' : undefined}>{label}</span>
            <ChevronDown size={13} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <span role="status" className="visually-hidden">
          {said?.text ?? ''}
        </span>
        <DropdownMenu.Portal container={portalHost()}>
          <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
            {isTooMany && (
              <DropdownMenu.Label className="menu-label">The newest {flows.length}</DropdownMenu.Label>
            )}
            <SaveItems api={api} flowStore={flowStore} flows={flows} flowId={flowId} run={run} />
            {isLive && (
              <DropdownMenu.Item
                className="menu-item"
                disabled={flows.length === 0}
                onSelect={() => setPacketsOf(flows)}
              >
                Save packets as pcapng…
              </DropdownMenu.Item>
            )}
            {flowId !== null && flows[0] !== undefined && <CurlItem taken={flows[0]} run={run} />}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {packetsOf !== null && <PcapngDialog api={api} flows={packetsOf} onClose={() => setPacketsOf(null)} />}
    </>
  );
}

type Run = ReturnType<typeof useOutcome>['run'];

function SaveItems(props: {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly flows: readonly TakenFlow[];
  readonly flowId: number | null;
  readonly run: Run;
}) {
  const { api, flowStore, flows, flowId, run } = props;
  const name = flowId === null ? 'hopscope-flows' : `hopscope-flow-${flowId}`;
  const exchanges = flows.filter((taken) => harRefusal(taken) === null);
  const refusal =
    exchanges.length > 0
      ? null
      : flows.length === 1
        ? harRefusal(flows[0]!)
        : 'no flow here is an HTTP exchange';
  const saveHar = async () => {
    const { version } = await api.call('getAppInfo', undefined);
    const text = JSON.stringify(harOf(flows, version), null, 1);
    download(`${name}.har`, text, 'application/json');
  };
  const saveCapture = async (withBytes: boolean) => {
    const { version } = await api.call('getAppInfo', undefined);
    const { lostEvents, sampling } = flowStore.getState();
    const origin = { app: version, savedAt: Date.now(), lostEvents, sampling };
    const text = captureFileOf(flows, withBytes, origin);
    download(`${name}${captureFileEnding}`, text, 'application/x-ndjson');
  };
  const hasBytes = hasCapturedBytes(flows);
  const amount = flowId === null ? ` of ${counted(exchanges.length, 'exchange')}` : '';
  const eventsOf = flowId === null ? ` of ${counted(flows.length, 'flow')}` : '';
  return (
    <>
      <DropdownMenu.Item
        className="menu-item"
        disabled={refusal !== null}
        onSelect={() => run('Saved', saveHar)}
      >
        {refusal === null ? `Save HAR 1.2${amount}` : `No HAR: ${refusal}`}
      </DropdownMenu.Item>
      <DropdownMenu.Item
        className="menu-item"
        disabled={flows.length === 0}
        onSelect={() => run('Saved', () => saveCapture(false))}
      >
        Save capture file{eventsOf}
        {hasBytes ? ', without bodies' : ''}
      </DropdownMenu.Item>
      {hasBytes && (
        <DropdownMenu.Item className="menu-item" onSelect={() => run('Saved', () => saveCapture(true))}>
          Save capture file{eventsOf}, with bodies
        </DropdownMenu.Item>
      )}
    </>
  );
}

function CurlItem({ taken, run }: { readonly taken: TakenFlow; readonly run: Run }) {
  const copyText = useContext(CopyContext);
  const curl = curlOf(taken);
  const without = curl === null || curl.missing.length === 0 ? '' : ` without ${curl.missing.join(', ')}`;
  return (
    <>
      <DropdownMenu.Separator className="menu-separator" />
      <DropdownMenu.Item
        className="menu-item"
        disabled={curl === null}
        onSelect={() => curl !== null && run('Copied', () => copyText(curl.command))}
      >
        {curl === null ? 'No curl: no request that curl could send' : `Copy as curl${without}`}
      </DropdownMenu.Item>
    </>
  );
}

function take(flowStore: FlowStore, flowId: number | null): TakenFlow[] {
  const { visible, recordOf } = flowStore.getState();
  const ids = flowId === null ? visible.slice(0, mostFlows).map((flow) => flow.id) : [flowId];
  return ids.flatMap((id) => recordOf(id) ?? []);
}
