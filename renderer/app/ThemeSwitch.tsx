import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from 'zustand';
import { Tooltip } from '../components/Tooltip';
import type { ThemeChoice, UiStore } from '../stores/uiStore';

const choices: readonly { readonly id: ThemeChoice; readonly label: string; readonly Icon: typeof Sun }[] = [
  { id: 'light', label: 'Light', Icon: Sun },
  { id: 'dark', label: 'Dark', Icon: Moon },
  { id: 'system', label: 'Like the system', Icon: Monitor },
];

export function ThemeSwitch({ ui }: { readonly ui: UiStore }) {
  const theme = useStore(ui, (state) => state.theme);
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Theme</legend>
      {choices.map(({ id, label, Icon }) => (
        <Tooltip key={id} text={label}>
          <button
            type="button"
            aria-label={label}
            aria-pressed={theme === id}
            onClick={() => ui.setTheme(id)}
          >
            <Icon size={14} aria-hidden />
          </button>
        </Tooltip>
      ))}
    </fieldset>
  );
}
