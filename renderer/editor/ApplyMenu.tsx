import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useStore } from 'zustand';
import { IconButton } from '../components/Button';
import { portalHost } from '../components/portalHost';
import type { ApplyPreferences } from '../stores/applyPreferences';
import { useEditor } from './EditorContext';

const choices: readonly {
  readonly name: keyof ApplyPreferences;
  readonly label: string;
  readonly hint: string;
}[] = [
  { name: 'asksFirst', label: 'Ask before applying', hint: 'shows what will change' },
  { name: 'asIEdit', label: 'Apply as I edit', hint: 'by itself, while nothing is wrong' },
];

/** How drafts are applied: asked first, or by themselves. */
export function ApplyMenu() {
  const { preferences } = useEditor().applying;
  const current = useStore(preferences);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label="How to apply" icon={<ChevronDown size={15} aria-hidden />} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {choices.map(({ name, label, hint }) => (
            <DropdownMenu.CheckboxItem
              key={name}
              className="menu-item"
              checked={current[name]}
              onCheckedChange={(isOn) => preferences.set({ [name]: isOn })}
            >
              <span className="menu-check">
                <DropdownMenu.ItemIndicator>
                  <Check size={14} aria-hidden />
                </DropdownMenu.ItemIndicator>
              </span>
              <span>{label}</span>
              <span className="menu-hint">{hint}</span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
