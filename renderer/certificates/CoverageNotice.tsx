import { useStore } from 'zustand';
import type { CertificateInfo } from '../../main/contract/certificate';
import {
  certificateCoverage,
  type NameSuggestion,
  suggestNames,
} from '../../main/contract/certificateCoverage';
import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import { useCertificates } from './CertificatesContext';

/** Host names of routes that no certificate covers, with the way to one. */
export function CoverageNotice(props: {
  readonly certificates: readonly CertificateInfo[];
  readonly onIssue: (suggestion: NameSuggestion) => void;
}) {
  const { config } = useCertificates();
  const document = useStore(config, (state) => state.draft.document);
  const suggestions = suggestNames(certificateCoverage(document, props.certificates));
  return suggestions.map((suggestion) => (
    <Notice
      key={suggestion.listeners.join(' ')}
      tone="warning"
      actions={
        <Button size="small" onClick={() => props.onIssue(suggestion)}>
          Issue a certificate…
        </Button>
      }
    >
      {suggestion.listeners.length === 1 ? 'Listener' : 'Listeners'} {suggestion.listeners.join(', ')}{' '}
      {suggestion.listeners.length === 1 ? 'has' : 'have'} no certificate for {suggestion.names.join(', ')}:
      browsers will warn.
    </Notice>
  ));
}
