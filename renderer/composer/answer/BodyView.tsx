import { useMemo, useState } from 'react';
import type { RawHeaders } from '../../../main/contract/flowEvent';
import { bytesOfBase64 } from '../../components/base64';
import { CopyButton } from '../../components/CopyButton';
import { HexDump } from '../../components/HexDump';
import { formatBytes } from '../../stores/flowFormat';

/** A body as text, as indented JSON, or as hex where it is no text. */
export function BodyView(props: {
  readonly headers: RawHeaders;
  readonly body: string;
  readonly isBase64: boolean;
  /** null = it still comes. */
  readonly bytes: number | null;
  readonly isCut: boolean;
}) {
  const { body, isBase64, isCut } = props;
  const [isPlain, setPlain] = useState(false);
  const pretty = useMemo(() => (isBase64 ? null : prettyJson(body)), [body, isBase64]);
  if (body === '') {
    return <p className="answer-empty">{props.bytes === null ? 'Nothing came yet.' : 'No body.'}</p>;
  }
  const encoding = props.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  const text = pretty !== null && !isPlain ? pretty : body;
  return (
    <div className="answer-body">
      <div className="answer-tools">
        <span className="muted">
          {isCut && props.bytes !== null ? `the beginning of ${formatBytes(props.bytes)}` : ''}
          {encoding !== undefined && isBase64 ? ` in ${encoding}, as it travelled` : ''}
        </span>
        {pretty !== null && (
          <label className="checkbox">
            <input type="checkbox" checked={isPlain} onChange={(event) => setPlain(event.target.checked)} />
            as it came
          </label>
        )}
        {!isBase64 && <CopyButton text={text} label="Copy the body" isIconOnly />}
      </div>
      {isBase64 ? <HexOf base64={body} /> : <Scrolled label="Body" text={text} />}
    </div>
  );
}

function HexOf({ base64 }: { readonly base64: string }) {
  const bytes = useMemo(() => bytesOfBase64(base64), [base64]);
  return <HexDump bytes={bytes} />;
}

export function Scrolled({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="answer-text" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}

/** null = no JSON object or list. */
function prettyJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
