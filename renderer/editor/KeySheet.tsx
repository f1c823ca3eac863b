import { Dialog } from '../components/Dialog';
import { commandKey } from './editorShortcuts';
import { KeyRows } from './KeyRows';
import { keySections } from './keyTexts';

/** All keys (?). */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const key = commandKey(navigator.platform);
  return (
    <Dialog title="Keys" isOpen isText width="wide" onClose={onClose}>
      <div className="key-sheet">
        {keySections.map((section) => (
          <section key={section.title}>
            <h3>{section.title}</h3>
            <KeyRows rows={section.keys} commandKey={key} />
          </section>
        ))}
      </div>
    </Dialog>
  );
}
