import type { FilterDocument } from '../../../main/contract/config';
import { withPart } from '../filterTexts';
import { FilterNumberField } from './FilterFieldControls';

type FaultFilter = Extract<FilterDocument, { type: 'fault' }>;

/** A delay and an abort exist as long as their first field has a value. */
export function FaultFields(props: {
  readonly filter: FaultFilter;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  const { delay, abort, bandwidthBytesPerSecond } = filter;
  return (
    <>
      <div className="field-pair">
        <FilterNumberField
          name="filter.fault.delay.ms"
          value={delay?.ms}
          onChange={(ms) =>
            onChange(withPart(filter, 'delay', ms === undefined ? undefined : { ...delay, ms }), 'delay')
          }
        />
        {delay !== undefined && (
          <FilterNumberField
            name="filter.fault.delay.percent"
            value={delay.percent}
            onChange={(percent) =>
              onChange({ ...filter, delay: withPart(delay, 'percent', percent) }, 'delay percent')
            }
          />
        )}
      </div>
      <div className="field-pair">
        <FilterNumberField
          name="filter.fault.abort.status"
          value={abort === undefined ? undefined : (abort.status ?? 503)}
          onChange={(status) =>
            onChange(
              withPart(filter, 'abort', status === undefined ? undefined : { ...abort, status }),
              'abort',
            )
          }
        />
        {abort !== undefined && (
          <FilterNumberField
            name="filter.fault.abort.percent"
            value={abort.percent}
            onChange={(percent) =>
              onChange({ ...filter, abort: withPart(abort, 'percent', percent) }, 'abort percent')
            }
          />
        )}
      </div>
      <FilterNumberField
        name="filter.fault.bandwidthBytesPerSecond"
        value={bandwidthBytesPerSecond}
        onChange={(rate) => onChange(withPart(filter, 'bandwidthBytesPerSecond', rate), 'bandwidth')}
      />
    </>
  );
}
