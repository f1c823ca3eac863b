import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import { flowRow } from '../stores/flowRow';
import type { FlowStore } from '../stores/flowStore';

export interface FlowsScreenProps {
  readonly api: HopscopeApi;
  readonly flowStore: FlowStore;
  readonly onOpenRoute: (routeId: string) => void;
}

/** The live list of flows with the detail of one of them. */
export function FlowsScreen({ flowStore }: FlowsScreenProps) {
  const visible = useStore(flowStore, (state) => state.visible);
  useEffect(() => flowStore.getState().start(), [flowStore]);
  return (
    <ul>
      {visible.map((flow) => (
        <li key={flow.id}>{flowRow(flow).subject}</li>
      ))}
    </ul>
  );
}
