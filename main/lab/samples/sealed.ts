// HTTPS with a certificate of its own: what goes to it a proxy can only pass through, or must end and seal anew.
import { createServer } from 'node:https';
import { parseCertificateNames } from '../../certs/certificateNames';
import { quickAuthority, quickLeaf } from '../../certs/quickAuthority';
import { hello } from './hello';
import { answering, limitTime, manyConnections, type SampleKind } from './sample';

export const sealedHostname = 'sealed.test';

export const sealedSample: SampleKind = {
  kind: 'tls',
  maxConnections: manyConnections,
  about: `HTTPS with a certificate of its own for ${sealedHostname}: for TLS passthrough`,
  hint: (port) => `curl -k --resolve ${sealedHostname}:${port}:127.0.0.1 https://${sealedHostname}:${port}/`,
  open: async (served) => {
    const now = Date.now();
    const authority = await quickAuthority('Hopscope sample server', now);
    const names = [sealedHostname, `*.${sealedHostname}`, 'localhost', '127.0.0.1'];
    const leaf = await quickLeaf(authority, parseCertificateNames(names), 30, now);
    const server = createServer(
      { key: leaf.privateKeyPem, cert: leaf.certificatePem, minVersion: 'TLSv1.2' },
      answering(served, hello('sealed')),
    );
    limitTime(server);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return { server, trusted: authority.certificatePem };
  },
};
