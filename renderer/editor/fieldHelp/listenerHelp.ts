// Words of the fields of a listener, and of what Flows keep.
import type { FieldText } from './fieldText';

export const listenerHelp = {
  'listener.name': { label: 'Name', fallback: 'same as the id', help: 'The label on the canvas.' },
  'listener.id': { label: 'Id', help: 'Routes refer to it. 1–63 of a–z, 0–9 and "-".' },
  'listener.protocol': {
    label: 'Protocol',
    help: 'What is done with a connection: which kinds of route it can carry.',
  },
  'listener.address': {
    label: 'Address',
    fallback: '127.0.0.1',
    help: 'The address to listen on. Anything but loopback can be reached from other machines.',
  },
  'listener.port': { label: 'Port', help: '0 takes any free port; the bound one is shown.' },
  'listener.acceptProxyProtocol': {
    label: 'PROXY header from clients',
    fallback: 'off',
    help: 'Whoever may connect says who the client is: only behind a load balancer that sends it.',
  },
  'listener.clientHeaders': {
    label: 'Tell endpoints who the client is',
    fallback: 'xForwarded',
    help: 'Address, scheme, host and port that the client used, in request headers.',
  },
  'listener.trustedProxies': {
    label: 'Trusted proxies in front',
    help: 'Addresses and ranges whose X-Forwarded-* and Forwarded are believed. What anybody else says of itself is dropped.',
  },
  'listener.forward.allow': {
    label: 'Clients may go to',
    help: 'Addresses, ranges, names, *.names or *, each with ports if you like: *.example.test:443. A name stands for its public addresses only.',
  },
  'listener.forward.tellsClient': {
    label: 'Tell servers who the client is',
    help: 'Adds X-Forwarded-For and the like. Off, servers see this proxy only.',
  },
  'listener.tls.certificates': {
    label: 'Certificates',
    help: 'Chosen by the server name that the client asks for; the first is the default.',
  },
  'listener.tls.alpn': {
    label: 'HTTP versions offered',
    help: 'Clients choose from these while TLS is set up (ALPN).',
  },
  'listener.tls.minVersion': {
    label: 'Lowest TLS version',
    fallback: 'TLSv1.2',
    help: 'Clients that speak only older versions are refused.',
  },
  'listener.tls.clientCertificates.mode': {
    label: 'Client certificates',
    fallback: 'off',
    help: 'The subject of a verified one goes to the endpoint as X-Client-Certificate-Subject.',
  },
  'listener.tls.clientCertificates.caCertificates': {
    label: 'Authorities of clients',
    help: 'Only certificates signed by one of these are believed.',
  },
  'listener.limits.maxConnections': {
    label: 'Most connections',
    fallback: '10000',
    help: 'Further connections are closed at once.',
  },
  'listener.limits.maxHeaderBytes': {
    label: 'Largest request head',
    unit: 'bytes',
    fallback: '16384',
    help: 'A larger head is answered with 431.',
  },
  'listener.limits.maxBodyBytes': {
    label: 'Largest request body',
    unit: 'bytes',
    fallback: '104857600',
    help: 'A larger body is answered with 413.',
  },
  'listener.limits.headerTimeoutMs': {
    label: 'Time for the request head',
    unit: 'ms',
    fallback: '10000',
    help: 'A client that has not finished its head by then gets 408.',
  },
  'listener.limits.bodyIdleTimeoutMs': {
    label: 'Longest pause in a body',
    unit: 'ms',
    fallback: '30000',
    help: 'A body that pauses longer is cut off.',
  },
  'listener.limits.minBodyBytesPerSecond': {
    label: 'Slowest request body',
    unit: 'bytes/s',
    fallback: '500',
    help: 'A body that comes more slowly gets 408 once the longest pause is used up. 0 turns this off.',
  },
  'listener.limits.idleTimeoutMs': {
    label: 'Idle connection',
    unit: 'ms',
    fallback: '60000',
    help: 'A connection, tunnel or WebSocket without traffic is closed after this time.',
  },
  'capture.headers': {
    label: 'Headers in Flows',
    fallback: 'masked',
    help: 'Masked hides the values of Authorization, Cookie and the like.',
  },
  'capture.bodies': {
    label: 'Keep bodies',
    fallback: 'off',
    help: 'What was sent and answered, for the Bytes tab.',
  },
  'capture.maxBodyBytes': {
    label: 'Of each body at most',
    unit: 'bytes',
    fallback: '65536',
    help: 'The rest is counted, not kept.',
  },
} as const satisfies Readonly<Record<string, FieldText>>;
