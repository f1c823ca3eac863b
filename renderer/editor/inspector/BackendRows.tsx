import { Plus, X } from 'lucide-react';
import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import type { BackendDocument } from '../../../main/contract/configEdit';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { newBackend } from '../editFromGraph';
import { fieldText } from '../fieldHelp';
import { moveItem } from '../filterTexts';
import { backendShares } from '../graphFromConfig';
import { withShare } from '../shares';
import { useReorder } from '../useReorder';
import { ChoiceSelect } from './BoundFields';
import { useFieldProblem } from './FormContext';
import { OrderGrip } from './OrderGrip';

/** The pools that a route sends to. Where there are several, sliders that always make 100 %, and the measured share. */
export function BackendRows({ route }: { readonly route: RouteDocument }) {
  const { config, add, traffic } = useEditor();
  const pools = useStore(config, (state) => state.draft.document.pools ?? noPools);
  const measured = useStore(traffic, (state) => state.shares.get(route.id));
  const problem = useFieldProblem(['backends']);
  const backends = route.backends ?? [];
  const shares = backendShares(backends);
  const text = fieldText('route.backends');
  const unused = pools.filter((pool) => !backends.some((backend) => backend.pool === pool.id));
  const set = (next: BackendDocument[], key?: string) =>
    config.edit(
      { type: 'setBackends', route: route.id, backends: next },
      key === undefined ? undefined : `backends ${route.id} ${key}`,
    );
  const hasSliders = backends.length > 1;
  const reorder = useReorder({
    scope: `backends of ${route.id}`,
    count: backends.length,
    words: (index) => `backend ${backends[index]?.pool}`,
    onMove: (from, to) => set(moveItem(backends, from, to)),
  });
  return (
    <fieldset className="rows" data-at="backends" data-field="route.backends.pool" data-order-list>
      <legend className="field-label">{text.label}</legend>
      {hasSliders && <ShareBar shares={shares} />}
      {backends.map((backend, index) => {
        const ids = [...new Set([backend.pool, ...unused.map((pool) => pool.id)])];
        return (
          <div key={backend.pool} className="backend" {...reorder.dropOf(index)}>
            <div className={`row row-backend ${hasSliders ? 'row-ordered' : ''}`}>
              <OrderGrip reorder={reorder} index={index} />
              <ChoiceSelect
                control={{ 'aria-label': `Pool of backend ${index + 1}` }}
                value={backend.pool}
                choices={ids.map((id) => ({ value: id, label: id }))}
                onChange={(pool) => set(backends.with(index, { ...backend, pool }))}
              />
              <IconButton
                label={`Remove backend ${backend.pool}`}
                icon={<X size={14} aria-hidden />}
                onClick={() => set(backends.toSpliced(index, 1))}
              />
            </div>
            {hasSliders && (
              <ShareRow
                pool={backend.pool}
                percent={Number.parseFloat(shares[index]?.share ?? '0')}
                measured={measured?.get(backend.pool)}
                onChange={(percent) => set(withShare(backends, index, percent), 'share')}
              />
            )}
          </div>
        );
      })}
      <FieldMessage {...problem} />
      <div className="rows-foot">
        {unused[0] !== undefined && (
          <Button size="small" onClick={() => set([...backends, newBackend(backends, unused[0]!.id)])}>
            Add backend
          </Button>
        )}
        <Button
          size="small"
          icon={<Plus size={13} aria-hidden />}
          onClick={() => add({ kind: 'pool' }, `route:${route.id}`)}
        >
          New pool
        </Button>
        <p className="field-help">{hasSliders ? text.help : 'A second one splits the traffic: a canary.'}</p>
      </div>
    </fieldset>
  );
}

/** All shares in one picture. */
function ShareBar({ shares }: { readonly shares: ReturnType<typeof backendShares> }) {
  return (
    <div className="share-bar" aria-hidden>
      {shares.map(({ pool, share }) => (
        <span key={pool} style={{ flexGrow: Number.parseFloat(share ?? '0') }} />
      ))}
    </div>
  );
}

function ShareRow(props: {
  readonly pool: string;
  readonly percent: number;
  readonly measured: number | undefined;
  readonly onChange: (percent: number) => void;
}) {
  const { pool, percent, measured, onChange } = props;
  const now = measured === undefined ? 'no traffic yet' : `now ${Math.round(measured * 10) / 10} %`;
  return (
    <div className="row row-share" data-field="route.backends.weight">
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        aria-label={`Share of ${pool}`}
        aria-valuetext={`${percent} %, ${now}`}
        value={Math.round(percent)}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <label className="share-number">
        <span className="visually-hidden">Weight of {pool} in percent</span>
        <input
          className="input"
          inputMode="numeric"
          value={String(percent)}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '').slice(0, 3);
            onChange(digits === '' ? 0 : Number(digits));
          }}
        />
        <span aria-hidden>%</span>
      </label>
      <span className="row-share-now" title="Measured over the last half minute">
        {now}
      </span>
    </div>
  );
}

const noPools: readonly never[] = [];
