import type { PoolDocument } from '../../../main/contract/config';
import { type Choice, NumberField, NumbersField, SelectField, TextField } from './BoundFields';
import { ToggledSection } from './ToggledSection';

type HealthCheck = NonNullable<PoolDocument['healthCheck']>;

const types: readonly Choice<NonNullable<HealthCheck['type']>>[] = [
  { value: 'http', label: 'HTTP: GET a path' },
  { value: 'tcp', label: 'TCP: connect' },
];

export function HealthCheckFields(props: {
  readonly value: HealthCheck | undefined;
  readonly onChange: (key: string, value: HealthCheck | undefined) => void;
}) {
  return (
    <ToggledSection
      name="pool.healthCheck"
      at={['healthCheck']}
      title="Health checks"
      summary={props.value?.type === 'tcp' ? 'connect' : `GET ${props.value?.path ?? '/healthz'}`}
      value={props.value}
      first={{ type: 'http', path: '/' }}
      onChange={(value) => props.onChange('on', value)}
    >
      {(check) => <Fields check={check} onChange={props.onChange} />}
    </ToggledSection>
  );
}

function Fields(props: {
  readonly check: HealthCheck;
  readonly onChange: (key: string, value: HealthCheck) => void;
}) {
  const { check } = props;
  const set = <Key extends keyof HealthCheck>(key: Key, value: HealthCheck[Key] | undefined) => {
    const { [key]: _old, ...rest } = check;
    props.onChange(key, value === undefined ? rest : { ...rest, [key]: value });
  };
  return (
    <>
      <SelectField
        name="pool.healthCheck.type"
        at={['healthCheck', 'type']}
        value={check.type ?? 'http'}
        choices={types}
        onChange={(type) => props.onChange('type', type === 'tcp' ? tcpCheck(check) : { ...check, type })}
      />
      {check.type !== 'tcp' && (
        <>
          <TextField
            name="pool.healthCheck.path"
            at={['healthCheck', 'path']}
            value={check.path}
            onChange={(path) => set('path', path)}
          />
          <NumbersField
            name="pool.healthCheck.expect"
            at={['healthCheck', 'expect']}
            values={check.expect ?? []}
            onChange={(expect) => set('expect', expect.length === 0 ? undefined : expect)}
          />
        </>
      )}
      {(['intervalMs', 'timeoutMs', 'healthyAfter', 'unhealthyAfter'] as const).map((key) => (
        <NumberField
          key={key}
          name={`pool.healthCheck.${key}`}
          at={['healthCheck', key]}
          value={check[key]}
          onChange={(value) => set(key, value)}
        />
      ))}
    </>
  );
}

/** A TCP check asks for nothing and expects nothing. */
function tcpCheck({ path: _path, expect: _expect, ...rest }: HealthCheck): HealthCheck {
  return { ...rest, type: 'tcp' };
}
