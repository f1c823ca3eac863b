import type { LoadBalancingPolicy, PoolDocument } from '../../../main/contract/config';
import { type Choice, SelectField, TextField } from './BoundFields';

type LoadBalancing = NonNullable<PoolDocument['loadBalancing']>;

const policies: readonly Choice<LoadBalancingPolicy>[] = [
  { value: 'roundRobin', label: 'Round robin, by weight' },
  { value: 'leastRequest', label: 'Least requests' },
  { value: 'random', label: 'Random, by weight' },
  { value: 'powerOfTwo', label: 'Power of two choices' },
  { value: 'sourceIp', label: 'By client address' },
  { value: 'hash', label: 'By hash of the request' },
];

export function LoadBalancingFields(props: {
  readonly value: LoadBalancing | undefined;
  readonly onChange: (key: string, value: LoadBalancing) => void;
}) {
  const { value, onChange } = props;
  const policy = value?.policy ?? 'roundRobin';
  return (
    <>
      <SelectField
        name="pool.loadBalancing.policy"
        at={['loadBalancing', 'policy']}
        value={policy}
        choices={policies}
        onChange={(next) =>
          onChange('policy', next === 'hash' ? { policy: next, hash: { on: 'path' } } : { policy: next })
        }
      />
      {policy === 'hash' && (
        <TextField
          name="pool.loadBalancing.hash.on"
          at={['loadBalancing', 'hash']}
          value={value?.hash?.on}
          onChange={(on) => onChange('hash', { policy: 'hash', hash: { on: on ?? '' } })}
        />
      )}
    </>
  );
}
