import type { PoolDocument } from '../../../main/contract/config';
import { NumberField, TextField } from './BoundFields';
import { ToggledSection } from './ToggledSection';

type Stickiness = NonNullable<PoolDocument['stickiness']>;

export function StickinessFields(props: {
  readonly value: Stickiness | undefined;
  readonly onChange: (key: string, value: Stickiness | undefined) => void;
}) {
  const { onChange } = props;
  return (
    <ToggledSection
      name="pool.stickiness"
      at={['stickiness']}
      title="Stickiness"
      summary={`cookie ${props.value?.cookie ?? 'hop'}`}
      value={props.value}
      first={{}}
      onChange={(value) => onChange('on', value)}
    >
      {({ cookie: name, ttlSeconds: seconds }) => (
        <>
          <TextField
            name="pool.stickiness.cookie"
            at={['stickiness', 'cookie']}
            value={name}
            onChange={(cookie) => onChange('cookie', stickiness(cookie, seconds))}
          />
          <NumberField
            name="pool.stickiness.ttlSeconds"
            at={['stickiness', 'ttlSeconds']}
            value={seconds}
            onChange={(ttlSeconds) => onChange('ttlSeconds', stickiness(name, ttlSeconds))}
          />
        </>
      )}
    </ToggledSection>
  );
}

/** What is not given is left out of the document: the default holds. */
function stickiness(cookie: string | undefined, ttlSeconds: number | undefined): Stickiness {
  return { ...(cookie === undefined ? {} : { cookie }), ...(ttlSeconds === undefined ? {} : { ttlSeconds }) };
}
