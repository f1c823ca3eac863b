import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { portalHost } from '../components/portalHost';
import { useEditor } from './EditorContext';
import type { MenuEntry, PointMenu } from './overlayStore';

/** A menu at a place of the window: by the right button, the menu key, or a line that was dropped on the canvas. */
export function PointMenuView({ menu }: { readonly menu: PointMenu }) {
  const { overlay } = useEditor();
  const content = useRef<HTMLDivElement>(null);
  const opener = useRef(document.activeElement);
  // A menu that no button opened does not choose its first entry by itself.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (menu.sections.length > 0) content.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [menu]);
  const giveBack = () => {
    if (opener.current instanceof HTMLElement) opener.current.focus();
    opener.current = null;
  };
  const choose = (entry: MenuEntry) => {
    overlay.close();
    // At once, not when the menu is gone: the action may take the focus, and whatever has it is selected.
    giveBack();
    requestAnimationFrame(() => entry.run());
  };
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(isOpen) => isOpen || overlay.close()}>
      <DropdownMenu.Trigger asChild>
        <span className="menu-place" style={{ left: menu.x, top: menu.y }} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content
          ref={content}
          key={`${menu.title} ${menu.x} ${menu.y}`}
          className="menu"
          aria-label={menu.title}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const isFocusLost = document.activeElement === null || document.activeElement === document.body;
            if (isFocusLost) giveBack();
          }}
        >
          <DropdownMenu.Label className="menu-title">{menu.title}</DropdownMenu.Label>
          {menu.sections.map((section, index) => (
            <DropdownMenu.Group key={section.title ?? section.entries[0]?.id}>
              {index > 0 && section.title === null && <DropdownMenu.Separator className="menu-separator" />}
              {section.title !== null && (
                <DropdownMenu.Label className="menu-section">{section.title}</DropdownMenu.Label>
              )}
              {section.entries.map((entry) => (
                <Entry key={entry.id} entry={entry} onChoose={() => choose(entry)} />
              ))}
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Entry({ entry, onChoose }: { readonly entry: MenuEntry; readonly onChoose: () => void }) {
  const Icon = entry.icon;
  return (
    <DropdownMenu.Item
      className={`menu-item ${entry.className ?? ''} ${entry.isDanger === true ? 'menu-danger' : ''}`}
      onSelect={onChoose}
    >
      {Icon !== undefined && <Icon size={15} aria-hidden />}
      <span>{entry.label}</span>
      {entry.hint !== undefined && <span className="menu-hint">{entry.hint}</span>}
    </DropdownMenu.Item>
  );
}
