import type { HopscopeApi } from '../../main/contract/api';
import { IsViewer } from '../flows/isViewer';
import { ConnectionBanner } from './ConnectionBanner';
import type { Stores } from './createStores';
import { FlowsPane } from './FlowsPane';
import { Logo } from './Logo';
import { ThemeSwitch } from './ThemeSwitch';
import { Toasts } from './Toasts';

/** The whole window of `hopscope ui --capture FILE`: flows from a file, nothing that needs a running proxy. */
export function ViewerApp({ api, stores }: { readonly api: HopscopeApi; readonly stores: Stores }) {
  return (
    <IsViewer value>
      <div className="app">
        <header className="app-header">
          <Logo />
          <span className="app-file">capture viewer: nothing runs here</span>
          <ThemeSwitch ui={stores.ui} />
        </header>
        <ConnectionBanner connection={stores.connection} />
        <main id="screen" className="screen" aria-label="Flows" tabIndex={-1}>
          <FlowsPane api={api} stores={stores} />
        </main>
        <Toasts ui={stores.ui} />
      </div>
    </IsViewer>
  );
}
