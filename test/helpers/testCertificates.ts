// Self-signed certificates by the openssl command line, for tests only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateMaterial } from '../../main/engine/certificateContexts';

export type TestCertificate = CertificateMaterial & { readonly privateKeyPem: string };

/** The first name is the common name. */
export function selfSigned(...dnsNames: string[]): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'hopscope-cert-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = dnsNames.map((name) => `DNS:${name}`).join(',');
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '90',
  ];
  try {
    execFileSync(
      'openssl',
      [
        ...args,
        '-subj',
        `/CN=${dnsNames[0]}`,
        '-addext',
        `subjectAltName=${names}`,
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'pipe' },
    );
    return {
      certificateChainPem: readFileSync(certificate, 'utf8'),
      privateKeyPem: readFileSync(key, 'utf8'),
      dnsNames,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
