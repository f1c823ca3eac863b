import type { ReactNode } from 'react';

export type BadgeTone = 'neutral' | 'ok' | 'warning' | 'danger' | 'info' | 'accent';

/** A small mark with words. Colour is never the only carrier: give an icon or a text that says it. */
export function Badge(props: {
  readonly tone?: BadgeTone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className={`badge badge-${props.tone ?? 'neutral'}`}>
      {props.icon}
      {props.children}
    </span>
  );
}
