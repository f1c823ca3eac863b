import { createContext, useContext } from 'react';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { issueAt } from '../issuesByNode';

type Path = readonly (string | number)[];

/** Where in the document the form's object stands, and the problems of the document. */
export interface FormScope {
  readonly path: Path;
  readonly issues: readonly ConfigIssue[];
}

export const FormContext = createContext<FormScope>({ path: [], issues: [] });

export interface FieldProblem {
  readonly error: string | undefined;
  readonly warning: string | undefined;
}

/** The problem at a field of the form, e.g. at ['limits', 'maxConnections']. */
export function useFieldProblem(at: Path, options: { readonly isExact?: boolean } = {}): FieldProblem {
  const { path, issues } = useContext(FormContext);
  const issue = issueAt(issues, [...path, ...at], options);
  return {
    error: issue?.severity === 'error' ? issue.message : undefined,
    warning: issue?.severity === 'warning' ? issue.message : undefined,
  };
}
