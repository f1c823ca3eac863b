import type { PoolDocument } from '../../../main/contract/config';
import { NumberField } from './BoundFields';
import { ToggledSection } from './ToggledSection';

type OutlierDetection = NonNullable<PoolDocument['outlierDetection']>;

export function OutlierFields(props: {
  readonly value: OutlierDetection | undefined;
  readonly onChange: (key: string, value: OutlierDetection | undefined) => void;
}) {
  return (
    <ToggledSection
      name="pool.outlierDetection"
      at={['outlierDetection']}
      title="Outlier detection"
      summary={`after ${props.value?.consecutiveFailures ?? 5} failures in a row`}
      value={props.value}
      first={{}}
      onChange={(value) => props.onChange('on', value)}
    >
      {(detection) =>
        (['consecutiveFailures', 'ejectMs', 'maxEjectedPercent'] as const).map((key) => (
          <NumberField
            key={key}
            name={`pool.outlierDetection.${key}`}
            at={['outlierDetection', key]}
            value={detection[key]}
            onChange={(value) => {
              const { [key]: _old, ...rest } = detection;
              props.onChange(key, value === undefined ? rest : { ...rest, [key]: value });
            }}
          />
        ))
      }
    </ToggledSection>
  );
}
