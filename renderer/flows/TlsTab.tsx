import type { ReactNode } from 'react';
import type { FlowEvent, FlowEventOf, PeerCertificate } from '../../main/contract/flowEvent';
import { formatBytes } from '../stores/flowFormat';
import type { ShownFlow } from '../stores/flowState';
import { validityAt } from './certificateValidity';
import { Term } from './Term';
import type { TermId } from './terms';

/** What is known of TLS on both sides: what anybody on the way could read, what was agreed, who showed what. */
export function TlsTab({
  shown: { flow },
  events,
}: {
  readonly shown: ShownFlow;
  readonly events: readonly FlowEvent[];
}) {
  const hello = events.find((event) => event.kind === 'tls.clientHello');
  const established = events.filter((event) => event.kind === 'tls.established');
  const failed = events.filter((event) => event.kind === 'tls.failed');
  const isSealed = flow.kind === 'tls' && !established.some((event) => event.leg === 'downstream');
  return (
    <div className="tab-scroll">
      {hello !== undefined && <Hello hello={hello} />}
      {isSealed && flow.route !== null && (
        <section className="tls-section">
          <h3>
            <Term id="sealed">Sealed</Term>
          </h3>
          <p>
            Everything after the ClientHello: version and cipher that were agreed, the endpoint's certificate,
            paths, headers, bodies. Hopscope relays the records as they come; the key is at the endpoint.
          </p>
        </section>
      )}
      {established.map((event) => (
        <Established key={event.seq} event={event} />
      ))}
      {failed.map((event) => (
        <section key={event.seq} className="tls-section">
          <h3>Failed with {event.leg === 'downstream' ? 'the client' : 'the endpoint'}</h3>
          <p className="decision-trouble">{event.reason}</p>
        </section>
      ))}
    </div>
  );
}

function Hello({ hello }: { readonly hello: FlowEventOf<'tls.clientHello'> }) {
  return (
    <section className="tls-section">
      <h3>
        In clear: the ClientHello <span className="muted">{formatBytes(hello.bytes)}</span>
      </h3>
      <dl className="facts">
        <Fact term="sni" name="Server name">
          {hello.serverName ?? 'none'}
        </Fact>
        <Fact term="alpn" name="ALPN">
          {listed(hello.alpn)}
        </Fact>
        <Fact term="versions" name="Versions">
          {listed(hello.versions)}
        </Fact>
        <Fact term="groups" name="Groups">
          {listed(hello.groups)}
        </Fact>
        <Fact term="ech" name="Encrypted ClientHello">
          {hello.encryptedClientHello ? 'extension present' : 'no'}
        </Fact>
      </dl>
    </section>
  );
}

function Established({ event }: { readonly event: FlowEventOf<'tls.established'> }) {
  const isClient = event.leg === 'downstream';
  return (
    <section className="tls-section">
      <h3>
        Agreed with {isClient ? 'the client' : 'the endpoint'}{' '}
        <span className="muted">Hopscope has the keys of this leg and reads the plaintext</span>
      </h3>
      <dl className="facts">
        <Fact name="Version">{event.version}</Fact>
        <Fact term="cipher" name="Cipher">
          {event.cipher}
        </Fact>
        {event.group !== undefined && (
          <Fact term="group" name="Group">
            {event.group}
          </Fact>
        )}
        <Fact term="alpn" name="ALPN">
          {event.alpn ?? 'none'}
        </Fact>
        {event.certificate !== null && (
          <Fact term="certificate" name="Certificate">
            {event.certificate}
          </Fact>
        )}
        <Fact term="resumed" name="Resumed">
          {event.resumed ? 'yes' : 'no, a full handshake'}
        </Fact>
        {event.peerSubject !== undefined && (
          <Fact name={isClient ? 'Client certificate' : 'Endpoint certificate'}>{event.peerSubject}</Fact>
        )}
        {event.verified !== undefined && (
          <Fact term="verified" name="Verified">
            {event.verified ? 'yes' : 'no'}
          </Fact>
        )}
      </dl>
      {event.servedChain !== undefined && (
        <Chain title="Shown to the client" chain={event.servedChain} at={event.wallTime} />
      )}
      {event.peerChain !== undefined && (
        <Chain title="Shown by the endpoint" chain={event.peerChain} at={event.wallTime} />
      )}
    </section>
  );
}

function Chain(props: {
  readonly title: string;
  readonly chain: readonly PeerCertificate[];
  /** When it was shown, in milliseconds since 1970. */
  readonly at: number;
}) {
  const { title, chain, at } = props;
  if (chain.length === 0) return null;
  return (
    <>
      <h4>
        <Term id="servedChain">{title}</Term>
      </h4>
      <ol className="tls-chain" aria-label={title}>
        {chain.map((certificate) => (
          <li key={certificate.fingerprint}>
            <strong className="mono">{certificate.subject}</strong>
            <dl className="facts">
              <Fact name="Issued by">
                {certificate.issuer === certificate.subject ? 'itself (a root)' : certificate.issuer}
              </Fact>
              {certificate.names !== '' && <Fact name="Names">{certificate.names}</Fact>}
              <Fact term="validity" name="Valid">
                {certificate.validFrom} to {certificate.validTo}
                <Validity certificate={certificate} at={at} />
              </Fact>
              <Fact name="Serial number">{certificate.serialNumber}</Fact>
              <Fact name="SHA-256">{certificate.fingerprint}</Fact>
            </dl>
          </li>
        ))}
      </ol>
    </>
  );
}

function Validity({ certificate, at }: { readonly certificate: PeerCertificate; readonly at: number }) {
  const { isValid, words } = validityAt(certificate, at);
  return <span className={isValid ? 'muted' : 'decision-trouble'}> ({words})</span>;
}

function Fact(props: { readonly name: string; readonly term?: TermId; readonly children: ReactNode }) {
  return (
    <>
      <dt>{props.term === undefined ? props.name : <Term id={props.term}>{props.name}</Term>}</dt>
      <dd className="mono">{props.children}</dd>
    </>
  );
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(', ');
}
