import { Fragment } from 'react';
import { CopyButton } from './CopyButton';

/** An exact command to paste into a terminal, with its copy button. Lines break between words only. */
export function CommandLine({ command, label }: { readonly command: string; readonly label: string }) {
  return (
    <figure className="command-line" aria-label={label}>
      <pre>
        <code>
          {command.split(' ').map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word's place in the command is its name.
            <Fragment key={index}>
              {index > 0 && ' '}
              <span>{word}</span>
            </Fragment>
          ))}
        </code>
      </pre>
      <CopyButton text={command} label="Copy command" isIconOnly />
    </figure>
  );
}
