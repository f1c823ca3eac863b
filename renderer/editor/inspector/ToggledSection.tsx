import type { ReactNode } from 'react';
import { Section } from '../../components/Section';
import type { FieldName } from '../fieldHelp';
import { CheckboxField } from './BoundFields';

/** A foldable part of a form that the document has or has not: a box switches it, its fields follow. */
export function ToggledSection<Value extends object>(props: {
  /** Its label is the box's. */
  readonly name: FieldName;
  readonly at: readonly string[];
  readonly title: string;
  readonly summary: string;
  readonly value: Value | undefined;
  /** What switching on writes. */
  readonly first: Value;
  readonly onChange: (value: Value | undefined) => void;
  readonly children: (value: Value) => ReactNode;
}) {
  const { value } = props;
  return (
    <Section
      title={props.title}
      summary={value === undefined ? 'off' : props.summary}
      isOpenAtFirst={value !== undefined}
    >
      <CheckboxField
        name={props.name}
        at={props.at}
        value={value !== undefined}
        onChange={(isOn) => props.onChange(isOn ? props.first : undefined)}
      />
      {value !== undefined && props.children(value)}
    </Section>
  );
}
