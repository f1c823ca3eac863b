import { useEffect, useState } from 'react';
import type { HopscopeApi } from '../../../main/contract/api';
import { CheckField } from '../../components/CheckField';
import { Field } from '../../components/Field';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import type { BothForm, ChosenWays } from './bothForm';
import { differenceOf, type OwnWay, usesTls } from './ownWays';

/** What the client's form holds. */
export interface ComposedWords {
  /** "POST http://shop.test/cart". */
  readonly words: string;
  /** What routes can be asked about; `target` is "host/path". null = raw bytes. */
  readonly asks: { readonly method: string; readonly target: string } | null;
}

/** Two ways of the workspace that runs, and what to ask them for. */
export function OwnPairFields(props: {
  readonly api: HopscopeApi;
  readonly form: BothForm;
  readonly chosen: ChosenWays;
  /** What "Send a request" holds; null = nothing that could be sent. */
  readonly composed: ComposedWords | null;
  readonly onChange: (part: Partial<BothForm>) => void;
}) {
  const { api, form, chosen, composed, onChange } = props;
  const { a, b, ways, targets } = chosen;
  const isFromComposer = form.source === 'composer' && composed !== null;
  const difference = differenceOf(a, b, isFromComposer ? { a: '', b: '' } : targets);
  const isApart = targets.a !== targets.b || form.targetB !== null;
  const asked = (other: OwnWay, target: string): Ask | null => {
    if (!isFromComposer) return { api, other, method: form.method, target };
    return composed.asks === null ? null : { api, other, ...composed.asks };
  };
  const wayField = (side: 'a' | 'b', way: OwnWay, target: string) => (
    <WayField
      label={side.toUpperCase()}
      ways={ways}
      way={way}
      ask={asked(side === 'a' ? b : a, target)}
      onChange={(id) => onChange({ a: a.id, b: b.id, [side]: id, targetA: null, targetB: null })}
    />
  );
  return (
    <>
      <div className="send-both-two">
        {wayField('a', a, targets.a)}
        {wayField('b', b, targets.b)}
      </div>
      {composed !== null && (
        <SelectField
          label="What to send"
          value={form.source}
          choices={[
            { value: 'chunks', label: 'A body in chunks' },
            { value: 'composer', label: `From "Send a request": ${composed.words}` },
          ]}
          onChange={(source) => onChange({ source })}
        />
      )}
      {!isFromComposer && (
        <div className="send-both-request">
          <SelectField
            label="Method"
            value={form.method}
            choices={['POST', 'PUT', 'GET'].map((value) => ({ value, label: value }))}
            onChange={(method) => onChange({ method })}
          />
          <TextInput
            label={isApart ? 'Host and path for A' : 'Host and path'}
            value={targets.a}
            onChange={(targetA) => onChange({ targetA })}
          />
          {isApart && (
            <TextInput
              label="Host and path for B"
              value={targets.b}
              onChange={(targetB) => onChange({ targetB })}
            />
          )}
          <TextInput label="Requests" value={form.requests} onChange={(requests) => onChange({ requests })} />
        </div>
      )}
      {(usesTls(a, b) || usesTls(b, a)) && !isFromComposer && (
        <CheckField
          label="Check the certificates"
          help="Off = any is taken, as with curl -k."
          isChecked={form.verify}
          onChange={(verify) => onChange({ verify })}
        />
      )}
      <p className="field-help">{difference ?? 'Both get the same bytes, one after the other.'}</p>
    </>
  );
}

interface Ask {
  readonly api: HopscopeApi;
  readonly other: OwnWay;
  readonly method: string;
  readonly target: string;
}

function WayField(props: {
  readonly label: string;
  readonly ways: readonly OwnWay[];
  readonly way: OwnWay;
  /** null = what is asked is not known here. */
  readonly ask: Ask | null;
  readonly onChange: (id: string) => void;
}) {
  const { label, ways, way } = props;
  const warning = useRouteWarning(way, props.ask);
  return (
    <Field label={label} warning={warning ?? undefined}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={way.id}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {ways.map((each) => (
            <option key={each.id} value={each.id}>
              {each.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Asked of the running routes: whether it really gets there. null = it does, or nobody can say. */
function useRouteWarning(way: OwnWay, ask: Ask | null): string | null {
  const [warning, setWarning] = useState<string | null>(null);
  const scheme = ask !== null && usesTls(way, ask.other) ? 'https' : 'http';
  const url = ask === null ? null : `${scheme}://${ask.target}`;
  const { api, method } = ask ?? { api: null, method: 'GET' };
  useEffect(() => {
    let isCurrent = true;
    setWarning(null);
    if (api === null || url === null || way.route === null) return;
    const told = ({ winner }: { readonly winner: string | null }) => {
      if (!isCurrent || winner === way.route) return;
      setWarning(
        winner === null ? 'No route takes this host and path.' : `Route ${winner} takes this host and path.`,
      );
    };
    // Where the routes cannot be asked (half a URL), sending says what is wrong.
    api.call('explain', { listener: way.listener.id, method, url }).then(told, () => undefined);
    return () => {
      isCurrent = false;
    };
  }, [api, way, method, url]);
  return warning;
}
