import type { HttpRouteDocument } from '../../../main/contract/config';
import { CheckboxField, NumberField, NumbersField } from './BoundFields';
import { ToggledSection } from './ToggledSection';

type Retry = NonNullable<HttpRouteDocument['retry']>;
type RetryCauses = NonNullable<Retry['on']>;

const defaultCauses: RetryCauses = ['connectFailure', 'reset', '502', '503', '504'];

export function RetryFields(props: {
  readonly value: Retry | undefined;
  readonly onChange: (key: string, value: Retry | undefined) => void;
}) {
  const attempts = props.value?.attempts ?? 1;
  return (
    <ToggledSection
      name="route.retry"
      at={['retry']}
      title="Retries"
      summary={attempts === 1 ? 'once' : `up to ${attempts} times`}
      value={props.value}
      first={{}}
      onChange={(value) => props.onChange('on', value)}
    >
      {(retry) => <Fields retry={retry} onChange={props.onChange} />}
    </ToggledSection>
  );
}

function Fields(props: { readonly retry: Retry; readonly onChange: (key: string, value: Retry) => void }) {
  const { retry } = props;
  const causes = retry.on ?? defaultCauses;
  const statuses = causes.filter((cause) => /^\d/.test(cause));
  const named = causes.filter((cause) => !/^\d/.test(cause));
  const set = <Key extends keyof Retry>(key: Key, value: Retry[Key] | undefined) => {
    const { [key]: _old, ...rest } = retry;
    props.onChange(key, value === undefined ? rest : { ...rest, [key]: value });
  };
  return (
    <>
      <NumberField
        name="route.retry.attempts"
        at={['retry', 'attempts']}
        value={retry.attempts}
        onChange={(attempts) => set('attempts', attempts)}
      />
      {(['connectFailure', 'reset'] as const).map((cause) => (
        <CheckboxField
          key={cause}
          name={`route.retry.${cause}`}
          at={['retry', cause]}
          value={causes.includes(cause)}
          onChange={(isOn) => set('on', isOn ? [cause, ...causes] : causes.filter((item) => item !== cause))}
        />
      ))}
      <NumbersField
        name="route.retry.on"
        at={['retry', 'on']}
        values={statuses.map(Number)}
        onChange={(next) => set('on', [...named, ...next.map(String)])}
      />
      <NumberField
        name="route.retry.backoffMs"
        at={['retry', 'backoffMs']}
        value={retry.backoffMs}
        onChange={(backoffMs) => set('backoffMs', backoffMs)}
      />
    </>
  );
}
