import { Activity, BadgeCheck, Network } from 'lucide-react';
import { useStore } from 'zustand';
import { FileMenu, type FileMenuProps } from '../files/FileMenu';
import type { ConfigStore } from '../stores/configStore';
import { type Screen, screens } from '../stores/uiStore';
import { Logo } from './Logo';
import { screenTitle } from './navigation';
import { ThemeSwitch } from './ThemeSwitch';

const icons = { routes: Network, flows: Activity, certificates: BadgeCheck } as const;

export function Header({ menu }: { readonly menu: FileMenuProps }) {
  const { ui, config } = menu;
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
      <WorkspaceFile menu={menu} config={config} />
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

function WorkspaceFile({ menu, config }: { readonly menu: FileMenuProps; readonly config: ConfigStore }) {
  const revision = useStore(config, (state) => state.running?.revision);
  if (revision === undefined) return <span className="app-file" />;
  return (
    <span className="app-file">
      <FileMenu {...menu} />
      <span>{revision === 0 ? 'nothing applied yet' : `revision ${revision}`}</span>
    </span>
  );
}
