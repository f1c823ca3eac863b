import { useMemo, useState } from 'react';
import { bytesOfBase64 } from '../../components/base64';
import { HexDump } from '../../components/HexDump';
import { escapesOf } from '../rawText';
import { Scrolled } from './BodyView';

type Writing = 'text' | 'hex';

/** Bytes that came back; while they come, as far as they are text. */
export function RawView(props: {
  readonly received: string | null;
  readonly live: string;
  readonly isOver: boolean;
}) {
  const { received, live } = props;
  const [writing, setWriting] = useState<Writing>('text');
  const bytes = useMemo(
    () => (received === null ? new TextEncoder().encode(live) : bytesOfBase64(received)),
    [received, live],
  );
  if (bytes.length === 0) {
    return <p className="answer-empty">{props.isOver ? 'Nothing came back.' : 'Nothing came yet.'}</p>;
  }
  return (
    <div className="answer-body">
      <fieldset className="segmented answer-streams">
        <legend className="visually-hidden">Written as</legend>
        {(['text', 'hex'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={each === writing ? 'segment segment-on' : 'segment'}
            aria-pressed={each === writing}
            onClick={() => setWriting(each)}
          >
            {each === 'text' ? 'Text' : 'Hex'}
          </button>
        ))}
      </fieldset>
      {writing === 'text' ? <Scrolled label="Answer" text={escapesOf(bytes)} /> : <HexDump bytes={bytes} />}
    </div>
  );
}
