import { CircleHelp, FileBadge, ShieldCheck } from 'lucide-react';
import type { ChainLink } from '../../../main/contract/certificateFiles';
import { commonName } from '../certificateUse';
import { ExpiryBadge } from '../ExpiryBadge';

const roles: Readonly<Record<ChainLink['role'], string>> = {
  leaf: 'certificate',
  intermediate: 'intermediate CA',
  root: 'root CA',
};
const sources: Readonly<Record<ChainLink['source'], string>> = {
  chain: 'sent with it',
  store: 'in this store',
  systemRoots: 'well-known root',
};

/** Who vouches for whom, root on top as a tree of one branch. */
export function ChainTree(props: {
  readonly chain: readonly ChainLink[];
  readonly missingIssuer: string | null;
}) {
  const links = [...props.chain].reverse();
  const offset = props.missingIssuer === null ? 0 : 1;
  return (
    <ol className="certificates-chain" aria-label="Chain, root first">
      {props.missingIssuer !== null && (
        <li className="certificates-link certificates-link-missing">
          <CircleHelp size={15} aria-hidden />
          <span>
            <strong>{commonName(props.missingIssuer)}</strong>
            <span className="field-help">missing</span>
          </span>
        </li>
      )}
      {links.map((link, index) => (
        <li
          key={link.fingerprint}
          className="certificates-link"
          style={{ marginInlineStart: `${(index + offset) * 18}px` }}
        >
          {link.role === 'leaf' ? <FileBadge size={15} aria-hidden /> : <ShieldCheck size={15} aria-hidden />}
          <span>
            <strong>{commonName(link.subject)}</strong>
            <span className="field-help">
              {roles[link.role]} · {link.keyType} · {sources[link.source]}
            </span>
          </span>
          <ExpiryBadge notAfter={link.notAfter} />
        </li>
      ))}
    </ol>
  );
}
