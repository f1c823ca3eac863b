import type { ClientTls } from '../../../main/contract/clientResult';
import { Notice } from '../../components/Notice';

/** What the handshake came to, and who the server says that it is. */
export function TlsView({ tls }: { readonly tls: ClientTls }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Version', tls.version],
    ['Cipher', tls.cipher],
    ['Group', tls.group ?? 'not told'],
    ['ALPN', tls.alpn ?? 'none'],
    ['Server name', tls.serverName ?? 'none was sent'],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="answer-text" aria-label="TLS" tabIndex={0}>
      <Notice tone={tls.isTrusted ? 'ok' : 'warning'}>
        {tls.isTrusted
          ? 'The certificate is trusted here and has the right name.'
          : `Careful: ${tls.problem}.`}
      </Notice>
      <dl className="answer-fields">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ol className="answer-chain">
        {tls.chain.map((each) => (
          <li key={each.fingerprint}>
            <strong>{each.subject}</strong>
            <span className="muted">
              by {each.issuer} · {each.validFrom} to {each.validTo}
              {each.names === '' ? '' : ` · ${each.names.replaceAll('DNS:', '')}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
