import { useMemo, useState } from 'react';
import { EmptyState } from '../components/EmptyState';
import { HexDump } from '../components/HexDump';
import { counted, formatBytes } from '../stores/flowFormat';
import type { ShownFlow } from '../stores/flowState';
import { type CapturedBody, capturedBodies, textOf } from './capturedBytes';
import { Term } from './Term';

/** What the bodies held, as hex and as text. Only there while capture is on. */
export function BytesTab({ shown }: { readonly shown: ShownFlow }) {
  const bodies = useMemo(() => capturedBodies(shown.events), [shown]);
  const [choice, setChoice] = useState(0);
  const body = bodies[choice] ?? bodies[0];
  if (body === undefined) {
    return (
      <EmptyState title="No bytes of this flow were kept">
        <p>
          Bodies are kept only while <code>capture: {'{ bodies: on }'}</code> stands in the workspace, and
          only of flows that have one. Sizes and times are always told: see the diagram.
        </p>
      </EmptyState>
    );
  }
  return (
    <div className="bytes">
      <div className="bytes-head">
        {bodies.map((each, index) => (
          <button
            key={`${each.direction} ${each.leg}`}
            type="button"
            className={each === body ? 'segment segment-on' : 'segment'}
            aria-pressed={each === body}
            onClick={() => setChoice(index)}
          >
            {titleOf(each)}
          </button>
        ))}
        <span className="muted">
          <Term id="captured">{formatBytes(body.bytes.length)} kept</Term>
          {body.totalBytes > body.bytes.length &&
            ` of ${formatBytes(body.totalBytes)}: the rest was beyond maxBodyBytes`}
          , in {counted(body.parts.length, 'part')}
        </span>
      </div>
      <BodyBytes key={`${shown.flow.id} ${titleOf(body)}`} body={body} />
    </div>
  );
}

function BodyBytes({ body }: { readonly body: CapturedBody }) {
  const text = useMemo(() => textOf(body.bytes), [body]);
  return (
    <div className="bytes-panes">
      <HexDump bytes={body.bytes} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <section className="bytes-text" aria-label="As text" tabIndex={0}>
        {text === null ? (
          <p className="muted">These bytes are no UTF-8 text (compressed, an image, WebSocket frames…).</p>
        ) : (
          <pre>{text}</pre>
        )}
      </section>
    </div>
  );
}

function titleOf({ direction, leg }: CapturedBody): string {
  const what = direction === 'request' ? 'Request body' : 'Response body';
  return `${what}, ${leg === 'downstream' ? 'client side' : 'endpoint side'}`;
}
