import { useStore } from 'zustand';
import type { PoolDocument } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { CheckboxField, type Choice, IdField, NumberField, SelectField, TextField } from './BoundFields';
import { EndpointTable } from './EndpointTable';
import { HealthCheckFields } from './HealthCheckFields';
import { withField } from './ListenerForm';
import { LoadBalancingFields } from './LoadBalancingFields';
import { OutlierFields } from './OutlierFields';
import { PoolTlsFields } from './PoolTlsFields';
import { StickinessFields } from './StickinessFields';

const httpVersions: readonly Choice<'http1' | 'h2' | 'auto'>[] = [
  { value: 'http1', label: 'HTTP/1.1' },
  { value: 'h2', label: 'HTTP/2' },
  { value: 'auto', label: 'Endpoint chooses (ALPN)' },
];

const proxyVersions: readonly Choice<'off' | 'v1' | 'v2'>[] = [
  { value: 'off', label: 'Off' },
  { value: 'v1', label: 'Version 1 (text)' },
  { value: 'v2', label: 'Version 2 (binary)' },
];

const connectionNumbers = [
  'connectTimeoutMs',
  'idleTimeoutMs',
  'maxPerEndpoint',
  'maxWaiting',
  'waitTimeoutMs',
] as const;

export function PoolForm({ id }: { readonly id: string }) {
  const { config, ui } = useEditor();
  const pools = useStore(config, (state) => state.draft.document).pools ?? [];
  const pool = pools.find((item) => item.id === id);
  if (pool === undefined) return null;
  const edit = (key: string, patch: Patch<PoolDocument>) =>
    config.edit({ type: 'updatePool', id, patch }, `pool ${id} ${key}`);
  const connections = pool.connections;
  // A host name has a letter outside of a hexadecimal address.
  const namesHosts = pool.endpoints.some(({ address }) => /[g-z]/i.test(address)) || pool.dns !== undefined;
  return (
    <>
      <EndpointTable pool={pool} />
      <LoadBalancingFields
        value={pool.loadBalancing}
        onChange={(key, loadBalancing) =>
          edit(key, { loadBalancing: loadBalancing.policy === 'roundRobin' ? undefined : loadBalancing })
        }
      />
      <CheckboxField
        name="pool.connections.reuse"
        at={['connections', 'reuse']}
        value={connections?.reuse ?? true}
        onChange={(reuse) =>
          edit('reuse', { connections: withField(connections, 'reuse', reuse ? undefined : false) })
        }
      />
      <Section title="Connections" summary="limits and timeouts">
        {connectionNumbers.map((key) => (
          <NumberField
            key={key}
            name={`pool.connections.${key}`}
            at={['connections', key]}
            value={connections?.[key]}
            onChange={(value) => edit(key, { connections: withField(connections, key, value) })}
          />
        ))}
        {namesHosts && (
          <NumberField
            name="pool.dns.refreshMs"
            at={['dns', 'refreshMs']}
            value={pool.dns?.refreshMs}
            onChange={(value) => edit('dns', { dns: withField(pool.dns, 'refreshMs', value) })}
          />
        )}
      </Section>
      <StickinessFields
        value={pool.stickiness}
        onChange={(key, stickiness) => edit(`stickiness ${key}`, { stickiness })}
      />
      <SelectField
        name="pool.protocol"
        at={['protocol']}
        value={pool.protocol ?? 'http1'}
        choices={httpVersions}
        onChange={(value) => edit('protocol', { protocol: value === 'http1' ? undefined : value })}
      />
      <PoolTlsFields tls={pool.tls} onChange={(tls) => edit('tls', { tls })} />
      <SelectField
        name="pool.sendProxyProtocol"
        at={['sendProxyProtocol']}
        value={pool.sendProxyProtocol ?? 'off'}
        choices={proxyVersions}
        onChange={(value) =>
          edit('sendProxyProtocol', { sendProxyProtocol: value === 'off' ? undefined : value })
        }
      />
      <HealthCheckFields
        value={pool.healthCheck}
        onChange={(key, healthCheck) => edit(`healthCheck ${key}`, { healthCheck })}
      />
      <OutlierFields
        value={pool.outlierDetection}
        onChange={(key, outlierDetection) => edit(`outlierDetection ${key}`, { outlierDetection })}
      />
      <Section title="Name and id" summary={pool.name ?? id}>
        <TextField
          name="pool.name"
          at={['name']}
          value={pool.name}
          onChange={(name) => edit('name', { name })}
        />
        <IdField
          name="pool.id"
          id={id}
          taken={pools.map((item) => item.id)}
          onRename={(newId) => {
            config.edit({ type: 'renamePool', id, newId });
            ui.select(`pool:${newId}`);
          }}
        />
      </Section>
    </>
  );
}
