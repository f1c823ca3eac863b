import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { Notice } from '../components/Notice';
import type { Action } from './useAction';

/** A dialog that is one form: Enter submits, the main button shows that it works, a refusal stays readable above the buttons. */
export function FormDialog(props: {
  readonly title: string;
  readonly submit: string;
  readonly action: Action;
  readonly isSubmitDisabled?: boolean;
  readonly isDangerous?: boolean;
  readonly width?: 'narrow' | 'wide';
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const formId = useId();
  const { action } = props;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (props.isSubmitDisabled !== true) props.onSubmit();
  };
  return (
    <Dialog
      title={props.title}
      isOpen
      onClose={props.onClose}
      width={props.width ?? 'narrow'}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            variant={props.isDangerous === true ? 'danger' : 'primary'}
            isBusy={action.isBusy}
            disabled={props.isSubmitDisabled === true}
          >
            {props.submit}
          </Button>
        </>
      }
    >
      <form id={formId} className="certificates-form" onSubmit={onSubmit} noValidate>
        {props.children}
      </form>
      {action.error !== null && (
        <Notice tone="danger" isLive>
          {action.error}
        </Notice>
      )}
    </Dialog>
  );
}
