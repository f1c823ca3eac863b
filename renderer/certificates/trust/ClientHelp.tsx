import { useCallback } from 'react';
import { trustInstructions } from '../../../main/contract/trustInstructions';
import { CommandLine } from '../../components/CommandLine';
import { Section } from '../../components/Section';
import { useCertificates } from '../CertificatesContext';
import { useLoaded } from '../useLoaded';

/** Programs with a mind of their own. */
export function ClientHelp({ caFile }: { readonly caFile: string }) {
  const { api } = useCertificates();
  const load = useCallback(() => api.call('getAppInfo', undefined), [api]);
  const { value: info } = useLoaded(load);
  if (info === null) return null;
  return (
    <section className="certificates-panel certificates-section" aria-label="Other programs and devices">
      <h2>Other programs and devices</h2>
      <p className="field-help">
        Some do not look into the system's store. The CA's certificate lies in <code>{caFile}</code>
      </p>
      <div>
        {trustInstructions(caFile, info.platform).map(({ client, steps }) => (
          <Section key={client} title={client}>
            {steps.map(({ text, command }) => (
              <div key={text} className="certificates-instruction">
                <p>{text}</p>
                {command !== null && <CommandLine command={command} label={`${client} command`} />}
              </div>
            ))}
          </Section>
        ))}
      </div>
    </section>
  );
}
