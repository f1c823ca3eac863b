import type { ReactNode } from 'react';
import { Tooltip } from '../components/Tooltip';
import { type TermId, terms } from './terms';

/** A word that explains itself in one line, on hover and on focus. */
export function Term({ id, children }: { readonly id: TermId; readonly children: ReactNode }) {
  return (
    <Tooltip text={terms[id]}>
      <button type="button" className="term" aria-description={terms[id]}>
        {children}
      </button>
    </Tooltip>
  );
}
