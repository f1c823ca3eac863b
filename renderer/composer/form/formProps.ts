import type { Composed } from '../composed';

export interface FormProps {
  readonly composed: Composed;
  readonly change: (part: Partial<Composed>) => void;
}
