import { CopyButton } from './CopyButton';

/** An exact command to paste into a terminal, with its copy button. */
export function CommandLine({ command, label }: { readonly command: string; readonly label: string }) {
  return (
    <figure className="command-line" aria-label={label}>
      <pre>
        <code>{command}</code>
      </pre>
      <CopyButton text={command} label="Copy command" isIconOnly />
    </figure>
  );
}
