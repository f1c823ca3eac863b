import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const icons = { info: Info, ok: CircleCheck, warning: TriangleAlert, danger: CircleAlert } as const;

/** A sentence in the page that the user should read, with an icon and, where something can be done, its action. */
export function Notice(props: {
  readonly tone: keyof typeof icons;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** Announced by screen readers when it appears. */
  readonly isLive?: boolean;
}) {
  const Icon = icons[props.tone];
  return (
    <div className={`notice notice-${props.tone}`} role={props.isLive === true ? 'status' : undefined}>
      <Icon size={16} aria-hidden />
      <div className="notice-text">{props.children}</div>
      {props.actions !== undefined && <div className="notice-actions">{props.actions}</div>}
    </div>
  );
}
