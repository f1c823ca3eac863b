import { FlaskConical, Plus, X } from 'lucide-react';
import type { PoolDocument } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { fieldText } from '../fieldHelp';
import { moveItem } from '../filterTexts';
import { endpointKey } from '../nodeFaces';
import { useReorder } from '../useReorder';
import { NumberField, TextField } from './BoundFields';
import { useFieldProblem } from './FormContext';
import { OrderGrip } from './OrderGrip';

/** The endpoints of a pool, a row each, in the order in which the policy goes through them. */
export function EndpointTable({ pool }: { readonly pool: PoolDocument }) {
  const { config, add, overlay } = useEditor();
  const problem = useFieldProblem(['endpoints'], { isExact: true });
  const text = fieldText('pool.endpoints');
  const { endpoints } = pool;
  const reorder = useReorder({
    scope: `endpoints of ${pool.id}`,
    count: endpoints.length,
    words: (index) => `endpoint ${endpoints[index] === undefined ? '' : endpointKey(endpoints[index])}`,
    onMove: (from, to) =>
      config.edit({ type: 'updatePool', id: pool.id, patch: { endpoints: moveItem(endpoints, from, to) } }),
  });
  return (
    <fieldset className="rows" data-order-list>
      <legend className="field-label">{text.label}</legend>
      {endpoints.map((endpoint, index) => {
        const edit = (key: string, patch: Patch<typeof endpoint>) =>
          config.edit(
            { type: 'updateEndpoint', pool: pool.id, index, patch },
            `endpoint ${pool.id} ${index} ${key}`,
          );
        const isFirst = index === 0;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: an endpoint has no id; its place in the list is its name.
            key={index}
            className={`row row-endpoint ${endpoints.length > 1 ? 'row-ordered' : ''}`}
            {...reorder.dropOf(index)}
          >
            <OrderGrip reorder={reorder} index={index} />
            <TextField
              name="endpoint.address"
              at={['endpoints', index, 'address']}
              isLabelHidden={!isFirst}
              isHelpHidden
              value={endpoint.address}
              onChange={(address) => edit('address', { address: address ?? '' })}
            />
            <NumberField
              name="endpoint.port"
              at={['endpoints', index, 'port']}
              isLabelHidden={!isFirst}
              isHelpHidden
              value={endpoint.port}
              onChange={(port) => edit('port', { port })}
            />
            <NumberField
              name="endpoint.weight"
              at={['endpoints', index, 'weight']}
              isLabelHidden={!isFirst}
              isHelpHidden
              value={endpoint.weight}
              onChange={(weight) => edit('weight', { weight })}
            />
            <IconButton
              label={`Remove ${endpoint.address}:${endpoint.port}`}
              icon={<X size={14} aria-hidden />}
              onClick={() => config.edit({ type: 'removeEndpoint', pool: pool.id, index })}
            />
          </div>
        );
      })}
      <FieldMessage {...problem} />
      <div className="rows-foot">
        <Button
          size="small"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => add({ kind: 'endpoint' }, `pool:${pool.id}`)}
        >
          Add endpoint
        </Button>
        <Button
          size="small"
          icon={<FlaskConical size={14} aria-hidden />}
          onClick={() => overlay.show({ kind: 'samples', pool: pool.id })}
        >
          Use a sample server…
        </Button>
        <p className="field-help">{text.help}</p>
      </div>
    </fieldset>
  );
}
