import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { RawHeaders } from '../../../main/contract/flowEvent';
import { IconButton } from '../../components/Button';
import { bytesOfBase64 } from '../../components/base64';
import { CopyButton } from '../../components/CopyButton';
import { download } from '../../components/download';
import { HexDump } from '../../components/HexDump';
import { formatBytes } from '../../stores/flowFormat';

/** A body as text, as indented JSON, or as hex where it is no text. */
export function BodyView(props: {
  readonly headers: RawHeaders;
  readonly body: string;
  readonly isBase64: boolean;
  /** The body without its content coding; null = it has none that could be taken away. */
  readonly decoded: string | null;
  readonly isOver: boolean;
  /** null = not known yet. */
  readonly bytes: number | null;
  readonly isCut: boolean;
}) {
  const { body, decoded, isCut } = props;
  const [isPlain, setPlain] = useState(false);
  const readable = decoded ?? (props.isBase64 ? null : body);
  const pretty = useMemo(() => (readable === null ? null : prettyJson(readable)), [readable]);
  if (body === '') {
    return <p className="answer-empty">{props.isOver ? 'No body.' : 'Nothing came yet.'}</p>;
  }
  const encoding = props.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  const isBase64 = props.isBase64 && (decoded === null || isPlain);
  const text = isPlain ? body : (pretty ?? readable ?? body);
  return (
    <div className="answer-body">
      <div className="answer-tools">
        <span className="muted">
          {isCut && props.bytes !== null ? `the beginning of ${formatBytes(props.bytes)}` : ''}
          {encoding !== undefined && (isBase64 ? `${encoding}, as it travelled` : `${encoding}, decoded`)}
        </span>
        {(pretty !== null || decoded !== null) && (
          <label className="checkbox">
            <input type="checkbox" checked={isPlain} onChange={(event) => setPlain(event.target.checked)} />
            as it came
          </label>
        )}
        {!isBase64 && <CopyButton text={text} label="Copy the body" isIconOnly />}
        <IconButton
          label={isCut ? 'Save the beginning of the body' : 'Save the body'}
          size="small"
          icon={<Download size={14} aria-hidden />}
          onClick={() => download('body', isBase64 ? bytesOfBase64(body) : text, 'application/octet-stream')}
        />
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
