import { Activity, BadgeCheck, Network } from 'lucide-react';
import { useStore } from 'zustand';
import type { ConfigStore } from '../stores/configStore';
import { type Screen, screens, type UiStore } from '../stores/uiStore';
import { Logo } from './Logo';
import { screenTitle } from './navigation';
import { ThemeSwitch } from './ThemeSwitch';

const icons = { routes: Network, flows: Activity, certificates: BadgeCheck } as const;

export function Header({ ui, config }: { readonly ui: UiStore; readonly config: ConfigStore }) {
  const screen = useStore(ui, (state) => state.screen);
  return (
    <header className="app-header">
      <Logo />
      <nav aria-label="Screens">
        <ul className="app-tabs">
          {screens.map((item) => (
            <li key={item}>
              <NavButton screen={item} isCurrent={item === screen} onClick={() => ui.show(item)} />
            </li>
          ))}
        </ul>
      </nav>
      <WorkspaceFile config={config} />
      <ThemeSwitch ui={ui} />
    </header>
  );
}

function NavButton(props: {
  readonly screen: Screen;
  readonly isCurrent: boolean;
  readonly onClick: () => void;
}) {
  const Icon = icons[props.screen];
  return (
    <button
      type="button"
      className="app-tab"
      aria-current={props.isCurrent ? 'page' : undefined}
      onClick={props.onClick}
    >
      <Icon size={15} aria-hidden />
      {screenTitle(props.screen)}
    </button>
  );
}

function WorkspaceFile({ config }: { readonly config: ConfigStore }) {
  const file = useStore(config, (state) => state.running?.file);
  const revision = useStore(config, (state) => state.running?.revision);
  if (file === undefined) return <span className="app-file" />;
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return (
    <span className="app-file" title={file}>
      <span className="app-file-name">{name}</span>
      <span>{revision === 0 ? 'nothing applied yet' : `revision ${revision}`}</span>
    </span>
  );
}
