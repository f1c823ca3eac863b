import { useStore } from 'zustand';
import type { HopscopeApi } from '../../main/contract/api';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';
import { AccessLogDialog } from './AccessLogDialog';
import { BundleDialog } from './BundleDialog';
import './files.css';
import type { FilesStore } from './filesStore';
import { ImportDialog } from './ImportDialog';
import { NameDialog } from './NameDialog';
import { OpenDialog } from './OpenDialog';

export interface FileTools {
  readonly api: HopscopeApi;
  readonly files: FilesStore;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly ui: UiStore;
}

export function FileDialogs({ tools }: { readonly tools: FileTools }) {
  const dialog = useStore(tools.files, (state) => state.dialog);
  switch (dialog) {
    case 'new':
    case 'saveAs':
    case 'rename':
      return <NameDialog key={dialog} kind={dialog} files={tools.files} config={tools.config} />;
    case 'open':
      return <OpenDialog files={tools.files} />;
    case 'import':
      return <ImportDialog tools={tools} />;
    case 'bundle':
      return <BundleDialog tools={tools} />;
    case 'accessLog':
      return <AccessLogDialog tools={tools} />;
    case null:
      return null;
  }
}
