import { CommandLine } from '../../components/CommandLine';
import { Section } from '../../components/Section';
import { clientInstructions } from './clientHelp';

/** Programs with a mind of their own. */
export function ClientHelp({ caFile }: { readonly caFile: string }) {
  return (
    <section className="certificates-panel certificates-section" aria-label="Other programs and devices">
      <h2>Other programs and devices</h2>
      <p className="field-help">
        Some do not look into the system's store. The CA's certificate lies in <code>{caFile}</code>
      </p>
      <div>
        {clientInstructions(caFile).map((instruction) => (
          <Section key={instruction.id} title={instruction.title}>
            <p>{instruction.text}</p>
            {instruction.commands.map((command) => (
              <CommandLine key={command} command={command} label={`${instruction.title} command`} />
            ))}
          </Section>
        ))}
      </div>
    </section>
  );
}
