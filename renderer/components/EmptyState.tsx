import type { ReactNode } from 'react';

/** What a screen says when it has nothing to show: what belongs here, and the way to get it. */
export function EmptyState(props: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty-state">
      {props.icon !== undefined && <div className="empty-state-icon">{props.icon}</div>}
      <h2>{props.title}</h2>
      {props.children !== undefined && <div className="empty-state-text">{props.children}</div>}
      {props.actions !== undefined && <div className="empty-state-actions">{props.actions}</div>}
    </div>
  );
}
