// The words of this screen, each in one line: what it is, exactly.

export const terms = {
  accept:
    'The client opens a TCP connection to the listener; time until its first byte or its TLS handshake.',
  tls: 'The handshake with the client: keys are agreed, the listener shows its certificate.',
  head: 'Request line and headers come in, until the empty line after them.',
  held: 'What is kept here: the request until it is whole (requestBuffering: full), or what came before a relay had its endpoint.',
  route: 'Routes are matched, filters run, a pool and an endpoint are picked.',
  connect: 'A TCP connection to the endpoint is opened. None = an open one was reused.',
  upstreamTls: 'The handshake with the endpoint, where the pool encrypts.',
  send: 'The request is written to the endpoint.',
  wait: 'From the last byte of the request to the first byte of the response: the endpoint is thinking.',
  body: 'The response comes in and is passed on to the client.',
  relay: 'Bytes go both ways as they come; Hopscope does not read them.',
  chunk:
    'What one read from a socket gave, or one write to it took. Not an IP packet: the kernel splits and merges those.',
  downstream: "The client's side of Hopscope.",
  upstream: "The endpoint's side of Hopscope.",
  flow: 'One HTTP exchange, or one TCP or TLS connection that is relayed unread.',
  reused: 'An upstream connection that carried other exchanges before. Saves the TCP and TLS handshakes.',
  sni: 'Server Name Indication: the host name in the ClientHello, readable by anybody on the way.',
  alpn: 'Application-Layer Protocol Negotiation: which protocols the client offers, and the one that was agreed.',
  versions: 'TLS versions that the client offers, in its order.',
  groups: 'Key exchange groups that the client sent a share for.',
  group: 'The group in which the keys were agreed.',
  cipher: 'How records are encrypted after the handshake.',
  certificate: 'The certificate that the listener showed; its private key is in the certificate store.',
  servedChain:
    'The certificate of the host name first, then those that lead from it to an authority. The root itself need not be sent: who trusts it has it.',
  validity: 'From when to when the certificate may be used; the clock that counts is that of who checks it.',
  resumed: 'An earlier session was taken up again, so no certificate was sent anew.',
  verified: 'Whether the chain leads to an authority that is trusted, and the name fits.',
  ech: 'The hello carries an encrypted_client_hello extension. A real one and GREASE look alike by design.',
  sealed: 'Encrypted between client and endpoint: Hopscope has no key and reads nothing of it.',
  offset: 'Time since the flow began. Negative = on its connection before.',
  masked:
    'Values of Authorization, Cookie, Set-Cookie and Proxy-Authorization are hidden (capture.headers: masked).',
  captured: 'Recorded because capture.bodies is on. At most capture.maxBodyBytes of each body are kept.',
} as const;

export type TermId = keyof typeof terms;
