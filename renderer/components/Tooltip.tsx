import { Tooltip as RadixTooltip } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { portalHost } from './portalHost';

/** A short text on hover and focus. The trigger keeps its own accessible name; never the only place of a fact. */
export function Tooltip({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const [isDismissed, setDismissed] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    // Radix would keep Escape for the tooltip. Gone before Radix hears of it, it leaves the key to the dialog around it.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') flushSync(() => setDismissed(true));
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [isOpen]);
  const onOpenChange = (isShown: boolean) => {
    setOpen(isShown);
    setDismissed(false);
  };
  return (
    <RadixTooltip.Provider delayDuration={350} skipDelayDuration={200}>
      <RadixTooltip.Root onOpenChange={onOpenChange}>
        <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
        {!isDismissed && (
          <RadixTooltip.Portal container={portalHost()}>
            <RadixTooltip.Content className="tooltip" sideOffset={6} collisionPadding={8}>
              {text}
            </RadixTooltip.Content>
          </RadixTooltip.Portal>
        )}
      </RadixTooltip.Root>
    </RadixTooltip.Provider>
  );
}
