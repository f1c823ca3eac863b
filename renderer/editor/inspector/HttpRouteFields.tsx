import type { HttpRouteDocument } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { Section } from '../../components/Section';
import { bufferingHelp, fieldText } from '../fieldHelp';
import { countWords } from '../nodeFaces';
import { NumberField } from './BoundFields';
import { FilterList } from './FilterList';
import { withField } from './ListenerForm';
import { MatchList } from './MatchList';
import { RadioGroup } from './RadioGroup';
import { RetryFields } from './RetryFields';

export function HttpRouteFields(props: {
  readonly route: HttpRouteDocument;
  readonly onChange: (key: string, patch: Patch<HttpRouteDocument>) => void;
}) {
  const { route, onChange } = props;
  const matches = route.matches ?? [];
  const filters = route.filters ?? [];
  const buffering = route.requestBuffering ?? 'full';
  return (
    <>
      <Section
        title={fieldText('route.matches').label}
        summary={
          matches.length === 0
            ? 'every request'
            : countWords(matches.length, 'match').replace('matchs', 'matches')
        }
        isOpenAtFirst={matches.length > 0}
      >
        <MatchList
          matches={matches}
          onChange={(next, key) =>
            onChange(`matches ${key}`, { matches: next.length === 0 ? undefined : next })
          }
        />
      </Section>
      <Section
        title={fieldText('route.filters').label}
        summary={filters.length === 0 ? 'none' : countWords(filters.length, 'filter')}
        isOpenAtFirst={filters.length > 0}
      >
        <FilterList
          filters={filters}
          onChange={(next, key) =>
            onChange(`filters ${key}`, { filters: next.length === 0 ? undefined : next })
          }
        />
      </Section>
      <Section title="Request and time" summary={buffering === 'full' ? 'whole request first' : 'streams'}>
        <RadioGroup
          label={fieldText('route.requestBuffering').label}
          field="route.requestBuffering"
          value={buffering}
          choices={[
            { value: 'full', label: 'Whole request first', help: bufferingHelp.full },
            { value: 'stream', label: 'Stream', help: bufferingHelp.stream },
          ]}
          onChange={(requestBuffering) => onChange('requestBuffering', { requestBuffering })}
        />
        {buffering === 'full' && (
          <NumberField
            name="route.bufferBytes"
            at={['bufferBytes']}
            value={route.bufferBytes}
            onChange={(bufferBytes) => onChange('bufferBytes', { bufferBytes })}
          />
        )}
        {(['requestMs', 'backendMs'] as const).map((key) => (
          <NumberField
            key={key}
            name={`route.timeouts.${key}`}
            at={['timeouts', key]}
            value={route.timeouts?.[key]}
            onChange={(value) => onChange(key, { timeouts: withField(route.timeouts, key, value) })}
          />
        ))}
      </Section>
      <RetryFields value={route.retry} onChange={(key, retry) => onChange(`retry ${key}`, { retry })} />
    </>
  );
}
