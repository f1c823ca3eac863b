import { Minus, Pencil, Plus } from 'lucide-react';
import type { ConfigChange } from '../../main/contract/describeChanges';

const icons = { added: Plus, changed: Pencil, removed: Minus } as const;

export function ChangeList({ changes }: { readonly changes: readonly ConfigChange[] }) {
  return (
    <ul className="change-list">
      {changes.map((change) => {
        const Icon = icons[change.kind];
        return (
          <li key={`${change.kind} ${change.subject} ${change.detail}`} className={`change-${change.kind}`}>
            <Icon size={13} aria-hidden />
            <span>
              <strong>{change.subject}</strong> {change.kind === 'changed' ? '' : change.kind}
              {change.detail === '' ? '' : change.kind === 'changed' ? change.detail : `: ${change.detail}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
