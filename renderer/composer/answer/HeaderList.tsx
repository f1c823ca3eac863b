import type { RawHeaders } from '../../../main/contract/flowEvent';

export function HeaderList(props: {
  readonly headers: RawHeaders;
  readonly trailers: RawHeaders;
  readonly informational: readonly { readonly status: number; readonly headers: RawHeaders }[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="answer-text" aria-label="Response headers" tabIndex={0}>
      {props.informational.map(({ status, headers }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and never move.
        <Fields key={index} title={`before it: ${status}`} fields={headers} />
      ))}
      <Fields title={null} fields={props.headers} />
      {props.trailers.length > 0 && <Fields title="trailers" fields={props.trailers} />}
    </section>
  );
}

function Fields({ title, fields }: { readonly title: string | null; readonly fields: RawHeaders }) {
  return (
    <>
      {title !== null && <h3 className="answer-part">{title}</h3>}
      <dl className="answer-fields">
        {fields.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and nothing moves.
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
