import { useStore } from 'zustand';
import type { EndpointDocument, Patch } from '../../../main/contract/configEdit';
import { Button } from '../../components/Button';
import { useEditor } from '../EditorContext';
import { NumberField, TextField } from './BoundFields';

export function EndpointForm({ pool, index }: { readonly pool: string; readonly index: number }) {
  const { config, ui } = useEditor();
  const endpoint = useStore(
    config,
    (state) => state.draft.document.pools?.find((item) => item.id === pool)?.endpoints[index],
  );
  if (endpoint === undefined) return null;
  const edit = (key: string, patch: Patch<EndpointDocument>) =>
    config.edit({ type: 'updateEndpoint', pool, index, patch }, `endpoint ${pool} ${index} ${key}`);
  return (
    <>
      <TextField
        name="endpoint.address"
        at={['address']}
        value={endpoint.address}
        onChange={(address) => edit('address', { address: address ?? '' })}
      />
      <div className="field-pair">
        <NumberField
          name="endpoint.port"
          at={['port']}
          value={endpoint.port}
          onChange={(port) => edit('port', { port })}
        />
        <NumberField
          name="endpoint.weight"
          at={['weight']}
          value={endpoint.weight}
          onChange={(weight) => edit('weight', { weight })}
        />
      </div>
      <div>
        <Button size="small" onClick={() => ui.select(`pool:${pool}`)}>
          Open pool {pool}
        </Button>
      </div>
    </>
  );
}
