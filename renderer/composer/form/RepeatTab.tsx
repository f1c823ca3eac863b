import { CheckField } from '../../components/CheckField';
import { TextInput } from '../../components/TextInput';
import type { ComposedRepeat } from '../composed';
import type { FormProps } from './formProps';

/** The same request many times: one after the other at a rate, or as HTTP/2 streams at once. */
export function RepeatTab({ composed, change }: FormProps) {
  const { repeat, protocol } = composed;
  const set = (part: Partial<ComposedRepeat>) => change({ repeat: { ...repeat, ...part } });
  return (
    <div className="composer-form">
      {protocol !== 'http1' && (
        <TextInput
          label="HTTP/2 streams at once"
          value={composed.streams}
          help="The same request so many times on one connection, up to 20."
          onChange={(streams) => change({ streams })}
        />
      )}
      <CheckField
        label="Repeat"
        help="The client and the proxy share one process: to measure what the proxy bears, use wrk or h2load."
        isChecked={repeat.isOn}
        onChange={(isOn) => set({ isOn })}
      />
      {repeat.isOn && (
        <>
          <div className="field-pair">
            <TextInput label="Times" value={repeat.times} onChange={(times) => set({ times })} />
            <TextInput
              label="Rate"
              unit="a second"
              value={repeat.perSecond}
              placeholder="as fast as it goes"
              onChange={(perSecond) => set({ perSecond })}
            />
          </div>
          <div className="field-pair">
            <TextInput
              label="At once"
              value={repeat.concurrency}
              help="at most"
              onChange={(concurrency) => set({ concurrency })}
            />
            <TextInput
              label="Count by header"
              value={repeat.countBy}
              placeholder="x-served-by"
              help="of the response"
              onChange={(countBy) => set({ countBy })}
            />
          </div>
          <CheckField
            label="Use connections again"
            help="Off: a new connection for each."
            isChecked={repeat.reuse}
            onChange={(reuse) => set({ reuse })}
          />
        </>
      )}
    </div>
  );
}
