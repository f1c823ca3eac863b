import { Key, KeyRound } from 'lucide-react';
import type { ImportCandidate } from '../../../main/contract/certificateFiles';
import { Badge } from '../../components/Badge';
import { titleOf } from '../certificateUse';
import { ChainTree } from '../detail/ChainTree';
import { ExpiryBadge } from '../ExpiryBadge';
import { candidateFate, canImport } from '../importChoice';
import { WarningList } from '../WarningList';

/** What one certificate among the files is, and what will become of it. */
export function CandidateCard(props: {
  readonly candidate: ImportCandidate;
  readonly isTaken: boolean;
  readonly onToggle: () => void;
}) {
  const { candidate } = props;
  return (
    <section className="certificates-candidate" aria-label={titleOf(candidate)}>
      <label className="checkbox">
        <input
          type="checkbox"
          checked={props.isTaken}
          disabled={!canImport(candidate)}
          onChange={props.onToggle}
        />
        <span>
          <strong>{titleOf(candidate)}</strong>
          <span className="field-help check-help">{candidateFate(candidate)}</span>
        </span>
      </label>
      <p className="certificates-badges">
        <ExpiryBadge notAfter={candidate.notAfter} />
        <Badge>{candidate.keyType}</Badge>
        {candidate.hasPrivateKey ? (
          <Badge tone="ok" icon={<KeyRound size={12} aria-hidden />}>
            its key is here
          </Badge>
        ) : (
          <Badge
            tone={candidate.kind === 'leaf' ? 'warning' : 'neutral'}
            icon={<Key size={12} aria-hidden />}
          >
            no key
          </Badge>
        )}
      </p>
      <ChainTree chain={candidate.chain} missingIssuer={candidate.missingIssuer} />
      <WarningList warnings={candidate.warnings} />
    </section>
  );
}
