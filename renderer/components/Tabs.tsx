import { Tabs as RadixTabs } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly icon?: ReactNode;
  /** A small count or mark behind the label. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
}

/** Tabs inside a panel. Arrow keys move, only the chosen panel is mounted. */
export function Tabs<Id extends string>(props: {
  readonly label: string;
  readonly value: Id;
  readonly items: readonly TabItem<Id>[];
  readonly onChange: (id: Id) => void;
}) {
  return (
    <RadixTabs.Root
      className="tabs"
      value={props.value}
      onValueChange={(value) => {
        const item = props.items.find((candidate) => candidate.id === value);
        if (item !== undefined) props.onChange(item.id);
      }}
    >
      <RadixTabs.List className="tabs-list" aria-label={props.label}>
        {props.items.map((item) => (
          <RadixTabs.Trigger key={item.id} value={item.id} className="tabs-trigger">
            {item.icon}
            {item.label}
            {item.badge}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {props.items.map((item) => (
        <RadixTabs.Content key={item.id} value={item.id} className="tabs-content">
          {item.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}
