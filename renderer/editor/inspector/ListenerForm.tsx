import { useStore } from 'zustand';
import type { ListenerDocument, ListenerProtocol } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { routeKindsOf } from '../editFromGraph';
import { type FieldName, fieldText } from '../fieldHelp';
import { decrypts } from '../listenerHostnames';
import { type Choice, IdField, NumberField, SelectField, TextField } from './BoundFields';
import { ClientHeaderFields } from './ClientHeaderFields';
import { ForwardFields } from './ForwardFields';
import { ListenerTlsFields } from './ListenerTlsFields';
import { RouteOrder } from './RouteOrder';

const protocols: readonly Choice<ListenerProtocol>[] = [
  { value: 'http', label: 'HTTP' },
  { value: 'https', label: 'HTTPS (decrypts here)' },
  { value: 'tls', label: 'TLS (routes by server name)' },
  { value: 'tcp', label: 'TCP (relays bytes)' },
  { value: 'forward', label: 'Forward proxy (clients say where to)' },
];

const proxyHeaders: readonly Choice<'off' | 'v1' | 'v2' | 'any'>[] = [
  { value: 'off', label: 'Not expected' },
  { value: 'v1', label: 'Required, version 1' },
  { value: 'v2', label: 'Required, version 2' },
  { value: 'any', label: 'Required, any version' },
];

const limitNames = [
  'maxConnections',
  'maxHeaderBytes',
  'maxBodyBytes',
  'headerTimeoutMs',
  'bodyIdleTimeoutMs',
  'minBodyBytesPerSecond',
  'idleTimeoutMs',
] as const;

const clientHeaderWords = {
  xForwarded: 'X-Forwarded-*',
  forwarded: 'Forwarded',
  both: 'both',
  off: 'off',
} as const;

export function ListenerForm({ id }: { readonly id: string }) {
  const { config, ui } = useEditor();
  const document = useStore(config, (state) => state.draft.document);
  const listeners = document.listeners ?? [];
  const listener = listeners.find((item) => item.id === id);
  if (listener === undefined) return null;
  const edit = (key: string, patch: Patch<ListenerDocument>) =>
    config.edit({ type: 'updateListener', id, patch }, `listener ${id} ${key}`);
  return (
    <>
      <SelectField
        name="listener.protocol"
        at={['protocol']}
        value={listener.protocol}
        choices={protocols}
        onChange={(protocol) => edit('protocol', protocolPatch(listener, protocol))}
      />
      <div className="field-pair">
        <TextField
          name="listener.address"
          at={['address']}
          value={listener.address}
          isHelpHidden
          onChange={(address) => edit('address', { address })}
        />
        <NumberField
          name="listener.port"
          at={['port']}
          value={listener.port}
          isHelpHidden
          onChange={(port) => edit('port', { port })}
        />
      </div>
      <p className="field-help">
        {fieldText('listener.address').help} Port {fieldText('listener.port').help}
      </p>
      {listener.protocol === 'forward' && (
        <ForwardFields forward={listener.forward} onChange={(forward) => edit('forward', { forward })} />
      )}
      {(decrypts(document, listener) || listener.tls !== undefined) && (
        <ListenerTlsFields listener={listener} onChange={(tls) => edit('tls', { tls })} />
      )}
      <SelectField
        name="listener.acceptProxyProtocol"
        at={['acceptProxyProtocol']}
        value={listener.acceptProxyProtocol ?? 'off'}
        choices={proxyHeaders}
        onChange={(value) =>
          edit('acceptProxyProtocol', { acceptProxyProtocol: value === 'off' ? undefined : value })
        }
      />
      <RouteOrder listener={id} />
      {routeKindsOf(listener.protocol).includes('http') && (
        <Section title="Client headers" summary={clientHeaderWords[listener.clientHeaders ?? 'xForwarded']}>
          <ClientHeaderFields listener={listener} onChange={edit} />
        </Section>
      )}
      <Section title="Name and id" summary={listener.name ?? id}>
        <TextField
          name="listener.name"
          at={['name']}
          value={listener.name}
          onChange={(name) => edit('name', { name })}
        />
        <IdField
          name="listener.id"
          id={id}
          taken={listeners.map((item) => item.id)}
          onRename={(newId) => {
            config.edit({ type: 'renameListener', id, newId });
            ui.select(`listener:${newId}`);
          }}
        />
      </Section>
      <Section title="Limits" summary={listener.limits === undefined ? 'defaults' : 'changed'}>
        {limitNames.map((limit) => (
          <NumberField
            key={limit}
            name={`listener.limits.${limit}` satisfies FieldName}
            at={['limits', limit]}
            value={listener.limits?.[limit]}
            onChange={(value) => edit(limit, { limits: withField(listener.limits, limit, value) })}
          />
        ))}
      </Section>
    </>
  );
}

/** https needs a tls section; no protocol keeps a section that means nothing to it. */
function protocolPatch(listener: ListenerDocument, protocol: ListenerProtocol): Patch<ListenerDocument> {
  const forward = protocol === 'forward' ? listener.forward : undefined;
  if (protocol === 'https') return { protocol, forward, tls: listener.tls ?? { certificates: [] } };
  return protocol === 'tls' ? { protocol, forward } : { protocol, forward, tls: undefined };
}

/** An object with one field set or, for undefined, left out; undefined when nothing is left. */
export function withField<T extends object, Key extends keyof T>(
  object: T | undefined,
  key: Key,
  value: T[Key] | undefined,
): T | undefined {
  const { [key]: _old, ...rest } = (object ?? {}) as T;
  const result = value === undefined ? rest : { ...rest, [key]: value };
  return Object.keys(result).length === 0 ? undefined : (result as unknown as T);
}
