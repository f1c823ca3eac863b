import { List, Trash2 } from 'lucide-react';
import { useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CacheInfo } from '../../../main/contract/api';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { counted, formatBytes } from '../../stores/flowFormat';
import { hitRate } from '../cacheStore';
import { useEditor } from '../EditorContext';
import { CacheEntries } from './CacheEntries';
import { FormContext } from './FormContext';

/** What the cache of the route has stored now, and how to empty it. */
export function CachePanel() {
  const { caches: store, config, ui } = useEditor();
  const [shown, setShown] = useState<'entries' | 'emptying' | null>(null);
  const place = useContext(FormContext).path[1];
  const route = useStore(config, ({ draft }) => draft.document.routes?.[Number(place)]?.id) ?? '';
  const caches = useStore(store, (state) => state.caches);
  useEffect(() => store.watch(), [store]);
  const info = caches.find((cache) => cache.route === route);
  if (info === undefined) {
    return <p className="field-help">Once it is applied, what it has stored is counted here.</p>;
  }
  const close = () => setShown(null);
  const empty = async () => {
    close();
    try {
      const removed = await store.purge(route);
      ui.toast('ok', `${counted(removed, 'entry', 'entries')} removed from the cache.`);
    } catch {
      ui.toast('danger', 'The cache could not be emptied: there is no connection to Hopscope.');
    }
  };
  return (
    <div className="cache-panel">
      <CacheCounts info={info} />
      <div className="cache-actions">
        <Button
          size="small"
          icon={<List size={14} aria-hidden />}
          disabled={info.entries === 0}
          onClick={() => setShown('entries')}
        >
          Entries
        </Button>
        <Button
          size="small"
          icon={<Trash2 size={14} aria-hidden />}
          disabled={info.entries === 0}
          onClick={() => setShown('emptying')}
        >
          Empty cache
        </Button>
      </div>
      <Dialog
        title={`Stored for route ${route}`}
        isOpen={shown === 'entries'}
        onClose={close}
        width="wide"
        actions={<Button onClick={close}>Close</Button>}
      >
        <CacheEntries info={info} onRemove={(url) => void store.purge(route, url)} />
      </Dialog>
      <Dialog title="Empty the cache?" isOpen={shown === 'emptying'} onClose={close}>
        <p>
          {counted(info.entries, 'entry', 'entries')} ({formatBytes(info.bytes)}) of route {route} will be
          removed. The next requests go to an endpoint.
        </p>
        <div className="dialog-buttons">
          <Button variant="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => void empty()}>
            Empty
          </Button>
          <Button onClick={close}>Keep</Button>
        </div>
      </Dialog>
    </div>
  );
}

function CacheCounts({ info }: { readonly info: CacheInfo }) {
  const rate = hitRate(info);
  const evictions = info.evictions === 0 ? '' : `, ${counted(info.evictions, 'entry', 'entries')} had to go`;
  return (
    <dl className="cache-counts">
      <dt>Stored</dt>
      <dd>{counted(info.entries, 'entry', 'entries')}</dd>
      <dt>Used</dt>
      <dd>
        {formatBytes(info.bytes)} of {formatBytes(info.maxBytes)}
        {evictions}
      </dd>
      <dt>Hit rate</dt>
      <dd>{rate ?? 'nobody has asked yet'}</dd>
    </dl>
  );
}
