// What works on the certificate store while the app runs: ACME orders, renewal by itself, trust stores, the download for phones.
import { AcmeService } from '../certs/acme/acmeService';
import type { CertificateService } from '../certs/certificateService';
import { RenewalSchedule } from '../certs/renewalSchedule';
import { CaDownloadServer } from '../certs/trust/caDownload';
import { TrustService } from '../certs/trust/trustService';
import type { AcmeState } from '../contract/acme';
import type { Engine } from '../engine/engine';
import type { TellAll } from './apiHandlers';
import type { ConfigService } from './configService';

export interface CertificateHelperParts {
  readonly acme: AcmeService;
  readonly trust: TrustService;
  readonly caDownload: CaDownloadServer;
}

export interface CertificateHelpers {
  readonly parts: CertificateHelperParts;
  close(): void;
}

export function startCertificateHelpers(
  certificates: CertificateService,
  engine: Engine,
  config: ConfigService,
): CertificateHelpers {
  const acme = new AcmeService({
    certificates,
    answers: engine.challenges,
    answering: () => answeringListeners(config),
  });
  const renewals = new RenewalSchedule(certificates, acme);
  const caDownload = new CaDownloadServer(() => certificates.info().ca);
  return {
    parts: { acme, trust: new TrustService(certificates), caDownload },
    close: () => {
      renewals.close();
      acme.close();
      caDownload.close();
    },
  };
}

export function pushCertificateChanges(
  { certificates, acme, caDownload }: CertificateHelperParts & { readonly certificates: CertificateService },
  tellAll: TellAll,
): void {
  const tellAcme = () => tellAll('acme.changed', acme.state());
  certificates.onChange((info) => {
    tellAll('certificates.changed', info);
    tellAcme();
  });
  acme.onChange(tellAcme);
  caDownload.onChange((state) => tellAll('caDownload.changed', state));
}

/** Challenges are answered whatever the routes say. */
function answeringListeners(config: ConfigService): AcmeState['answering'] {
  const { listeners } = config.running();
  const on = (...protocols: string[]) =>
    listeners
      .filter(({ protocol }) => protocols.includes(protocol))
      .map(({ id, port }) => ({ listener: id, port }));
  return { http: on('http'), tls: on('https', 'tls') };
}
