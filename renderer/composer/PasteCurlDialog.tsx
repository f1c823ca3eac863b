import { useState } from 'react';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Field } from '../components/Field';
import type { ComposerStore } from './composerStore';
import { pasteCurl } from './pasteCurl';

export function PasteCurlDialog(props: { readonly composer: ComposerStore; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const take = () => {
    const found = pasteCurl(props.composer, text);
    if (found === null) props.onClose();
    else setProblem(`Not taken: ${found}.`);
  };
  return (
    <Dialog
      title="Paste a curl command"
      isOpen
      width="wide"
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button variant="primary" disabled={text.trim() === ''} onClick={take}>
            Take it over
          </Button>
        </>
      }
    >
      <Field
        label="Command"
        error={problem}
        help="As browsers copy it (“Copy as cURL (bash)”). What this client does not do is named; nothing is sent yet."
      >
        {(control) => (
          <textarea
            {...control}
            className="input mono"
            rows={8}
            spellCheck={false}
            placeholder={
              "curl -X POST -H 'Content-Type: application/json' -d '{}' http://shop.test:8080/cart"
            }
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              event.stopPropagation();
              take();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
