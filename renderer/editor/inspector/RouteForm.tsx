import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { ChipsInput } from '../../components/ChipsInput';
import { Field } from '../../components/Field';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { type FieldName, fieldText } from '../fieldHelp';
import { BackendRows } from './BackendRows';
import { IdField, TextField } from './BoundFields';
import { useFieldProblem } from './FormContext';
import { HttpRouteFields } from './HttpRouteFields';
import { ListenerChecks } from './ListenerChecks';
import { TlsModeField } from './TlsModeField';

export function RouteForm({ id }: { readonly id: string }) {
  const { config, ui } = useEditor();
  const routes = useStore(config, (state) => state.draft.document).routes ?? [];
  const route = routes.find((item) => item.id === id);
  if (route === undefined) return null;
  const edit = (key: string, patch: Patch<RouteDocument>) =>
    config.edit({ type: 'updateRoute', id, patch }, `route ${id} ${key}`);
  return (
    <>
      {route.kind !== 'tcp' && (
        <HostnamesField
          name={route.kind === 'tls' ? 'route.serverNames' : 'route.hostnames'}
          values={route.hostnames ?? []}
          onChange={(hostnames) =>
            edit('hostnames', { hostnames: hostnames.length === 0 ? undefined : hostnames })
          }
        />
      )}
      <ListenerChecks route={route} onChange={(listeners) => edit('listeners', { listeners })} />
      <BackendRows route={route} />
      <TlsModeField key={route.kind} route={route} />
      {route.kind === 'http' && <HttpRouteFields route={route} onChange={edit} />}
      <Section title="Name and id" summary={route.name ?? id}>
        <TextField
          name="route.name"
          at={['name']}
          value={route.name}
          onChange={(name) => edit('name', { name })}
        />
        <IdField
          name="route.id"
          id={id}
          taken={routes.map((item) => item.id)}
          onRename={(newId) => {
            config.edit({ type: 'renameRoute', id, newId });
            ui.select(`route:${newId}`);
          }}
        />
      </Section>
    </>
  );
}

function HostnamesField(props: {
  readonly name: FieldName;
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
}) {
  const text = fieldText(props.name);
  const problem = useFieldProblem(['hostnames']);
  return (
    <Field label={text.label} help={text.help} at="hostnames" name="route.hostnames" {...problem}>
      {(control) => (
        <ChipsInput
          control={control}
          values={props.values}
          placeholder={text.fallback}
          onChange={props.onChange}
        />
      )}
    </Field>
  );
}
