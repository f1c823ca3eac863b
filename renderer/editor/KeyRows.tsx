import { type KeyText, shownKeys } from './keyTexts';

export function KeyRows(props: { readonly rows: readonly KeyText[]; readonly commandKey: string }) {
  return (
    <dl className="key-list">
      {props.rows.map(({ keys, text }) => (
        <div key={keys} className="key-row">
          <dt>
            {shownKeys(keys, props.commandKey).map((item) => (
              <kbd key={item}>{item}</kbd>
            ))}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
