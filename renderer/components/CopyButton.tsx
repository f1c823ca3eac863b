import { Check, Copy, X } from 'lucide-react';
import { useContext, useEffect, useState } from 'react';
import { Button, IconButton } from './Button';
import { CopyContext } from './copyContext';

type CopyState = 'idle' | 'copied' | 'failed';

const shownForMs = 1600;

/** Copies `text` and says for a moment that it did. With `isIconOnly` the label is a tooltip. */
export function CopyButton(props: {
  readonly text: string;
  readonly label?: string;
  readonly isIconOnly?: boolean;
}) {
  const copy = useContext(CopyContext);
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), shownForMs);
    return () => clearTimeout(timer);
  }, [state]);
  const onClick = () => {
    copy(props.text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  const label = props.label ?? 'Copy';
  const shown = state === 'copied' ? 'Copied' : state === 'failed' ? 'Could not copy' : label;
  const icon =
    state === 'copied' ? <Check size={14} /> : state === 'failed' ? <X size={14} /> : <Copy size={14} />;
  return (
    <>
      {props.isIconOnly === true ? (
        <IconButton label={shown} icon={icon} size="small" onClick={onClick} />
      ) : (
        <Button size="small" icon={icon} onClick={onClick}>
          {shown}
        </Button>
      )}
      <span role="status" className="visually-hidden">
        {state === 'idle' ? '' : shown}
      </span>
    </>
  );
}
