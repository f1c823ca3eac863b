import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { FlowEventOf } from '../../../main/contract/flowEvent';
import { Field } from '../../components/Field';
import { flowSubject } from '../../stores/flowRow';
import { useEditor } from '../EditorContext';

const mostOffered = 30;

/** The newest recorded requests, to be asked again. */
export function RecordedRequestField(props: {
  readonly onChoose: (listener: string, head: FlowEventOf<'request.head'>) => void;
}) {
  const { flows } = useEditor();
  const all = useStore(flows, (state) => state.flows);
  const offered = useMemo(() => all.filter((flow) => flow.method !== null).slice(0, mostOffered), [all]);
  if (offered.length === 0) return null;
  return (
    <Field label="Or take a recorded one">
      {(control) => (
        <select
          {...control}
          className="input"
          value=""
          onChange={(event) => {
            const flow = offered.find((item) => String(item.id) === event.target.value);
            const head = flow === undefined ? null : flows.getState().requestOf(flow.id);
            if (flow !== undefined && head !== null) props.onChoose(flow.listener, head);
          }}
        >
          <option value="">Choose a flow…</option>
          {offered.map((flow) => (
            <option key={flow.id} value={flow.id}>
              {flow.method} {flowSubject(flow)} {flow.status === null ? '' : `→ ${flow.status}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
