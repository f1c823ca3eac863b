import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** A foldable part of a form. `summary` says the essential while it is closed. */
export function Section(props: {
  readonly title: string;
  readonly summary?: string | undefined;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}) {
  // Afterwards the user alone opens and closes it.
  const [isOpenAtFirst] = useState(props.isOpenAtFirst ?? false);
  return (
    <details className="section" open={isOpenAtFirst}>
      <summary>
        <ChevronRight size={14} aria-hidden className="section-chevron" />
        <span className="section-title">{props.title}</span>
        {props.summary !== undefined && <span className="section-summary">{props.summary}</span>}
      </summary>
      <div className="section-body">{props.children}</div>
    </details>
  );
}
