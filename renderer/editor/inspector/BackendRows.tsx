import { X } from 'lucide-react';
import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { fieldText } from '../fieldHelp';
import { backendShares } from '../graphFromConfig';
import { ChoiceSelect } from './BoundFields';
import { useFieldProblem } from './FormContext';

/** The pools that a route sends to, with weights and the share that they make. */
export function BackendRows({ route }: { readonly route: RouteDocument }) {
  const { config, add } = useEditor();
  const pools = useStore(config, (state) => state.draft.document.pools ?? noPools);
  const problem = useFieldProblem(['backends']);
  const backends = route.backends ?? [];
  const shares = backendShares(backends);
  const text = fieldText('route.backends');
  const unused = pools.filter((pool) => !backends.some((backend) => backend.pool === pool.id));
  const set = (next: typeof backends, key?: string) =>
    config.edit(
      { type: 'setBackends', route: route.id, backends: next },
      key === undefined ? undefined : `backends ${route.id} ${key}`,
    );
  return (
    <fieldset className="rows">
      <legend className="field-label">{text.label}</legend>
      {backends.map((backend, index) => {
        const ids = [...new Set([backend.pool, ...unused.map((pool) => pool.id)])];
        return (
          <div key={backend.pool} className="row row-backend">
            <ChoiceSelect
              control={{ 'aria-label': `Pool of backend ${index + 1}` }}
              value={backend.pool}
              choices={ids.map((id) => ({ value: id, label: id }))}
              onChange={(pool) => set(backends.with(index, { ...backend, pool }))}
            />
            <input
              className="input"
              inputMode="numeric"
              aria-label={`Weight of ${backend.pool}`}
              placeholder="1"
              value={backend.weight === undefined ? '' : String(backend.weight)}
              onChange={(event) =>
                set(backends.with(index, withWeight(backend.pool, event.target.value)), `${index}`)
              }
            />
            <span className="row-share">{shares[index]?.share ?? 'all'}</span>
            <IconButton
              label={`Remove backend ${backend.pool}`}
              icon={<X size={14} aria-hidden />}
              onClick={() => set(backends.toSpliced(index, 1))}
            />
          </div>
        );
      })}
      <FieldMessage {...problem} />
      <div className="rows-foot">
        {unused[0] !== undefined && (
          <Button size="small" onClick={() => set([...backends, { pool: unused[0]!.id }])}>
            Add backend
          </Button>
        )}
        <Button size="small" onClick={() => add({ kind: 'pool' }, `route:${route.id}`)}>
          New pool
        </Button>
        <p className="field-help">{text.help}</p>
      </div>
    </fieldset>
  );
}

function withWeight(pool: string, text: string): { pool: string; weight?: number } {
  const digits = text.replace(/\D/g, '').slice(0, 7);
  return digits === '' ? { pool } : { pool, weight: Number(digits) };
}

const noPools: readonly never[] = [];
