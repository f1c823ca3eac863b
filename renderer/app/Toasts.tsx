import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/Button';
import { Notice } from '../components/Notice';
import type { Toast, UiStore } from '../stores/uiStore';

const shownForMs = 6000;

export function Toasts({ ui }: { readonly ui: UiStore }) {
  const toasts = useStore(ui, (state) => state.toasts);
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} ui={ui} />
      ))}
    </div>
  );
}

/** Goes by itself, but not while it is a problem: those wait for the user. */
function ToastItem({ toast, ui }: { readonly toast: Toast; readonly ui: UiStore }) {
  useEffect(() => {
    if (toast.tone === 'danger') return;
    const timer = setTimeout(() => ui.dismissToast(toast.id), shownForMs);
    return () => clearTimeout(timer);
  }, [toast, ui]);
  return (
    <div className="toast">
      <Notice
        tone={toast.tone}
        actions={
          <>
            {toast.action !== undefined && (
              <Button
                size="small"
                onClick={() => {
                  toast.action?.run();
                  ui.dismissToast(toast.id);
                }}
              >
                {toast.action.label}
              </Button>
            )}
            <IconButton
              label="Close message"
              size="small"
              icon={<X size={14} />}
              onClick={() => ui.dismissToast(toast.id)}
            />
          </>
        }
      >
        {toast.text}
      </Notice>
    </div>
  );
}
