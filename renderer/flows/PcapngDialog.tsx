import { useEffect, useState } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { WireSummary } from '../../main/contract/captureApi';
import { Button } from '../components/Button';
import { Dialog } from '../components/Dialog';
import { fetchDownload } from '../components/download';
import { Notice } from '../components/Notice';
import { counted, formatBytes } from '../stores/flowFormat';
import type { TakenFlow } from './takeAway/har';
import { connectionsOf, packetNotes } from './takeAway/packetNotes';

/** Says what a packet capture of these flows would hold, and asks before every secret in it leaves the app. */
export function PcapngDialog(props: {
  readonly api: HopscopeApi;
  readonly flows: readonly TakenFlow[];
  readonly onClose: () => void;
}) {
  const { api, flows, onClose } = props;
  const [kept, setKept] = useState<WireSummary | null>(null);
  const [withKeys, setWithKeys] = useState(true);
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  useEffect(() => {
    let isMounted = true;
    api.call('inspectWire', { connections: connectionsOf(flows) }).then(
      (summary) => isMounted && setKept(summary),
      (reason: unknown) => isMounted && setError(wordsOf(reason)),
    );
    return () => {
      isMounted = false;
    };
  }, [api, flows]);
  const save = async () => {
    setSaving(true);
    setError(null);
    try {
      const { path, name } = await api.call('exportPcapng', {
        connections: connectionsOf(flows),
        notes: packetNotes(flows),
        withKeys,
        isConfirmed: true,
      });
      fetchDownload(path, name);
      onClose();
    } catch (reason) {
      setError(wordsOf(reason));
      setSaving(false);
    }
  };
  const canSave = kept !== null && kept.connections > 0;
  return (
    <Dialog
      title="Save packets for Wireshark?"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!canSave || isSaving} onClick={() => void save()}>
            {isSaving ? 'Making the file…' : 'Save pcapng'}
          </Button>
        </>
      }
    >
      {kept === null && error === null && <p className="muted">Looking at what is kept…</p>}
      {kept !== null && <Kept kept={kept} flows={flows} />}
      {kept !== null && kept.withKeys > 0 && (
        <label className="checkbox">
          <input type="checkbox" checked={withKeys} onChange={(event) => setWithKeys(event.target.checked)} />
          <span>
            With the TLS session keys of {counted(kept.withKeys, 'connection')}: Wireshark then shows what is
            inside
          </span>
        </label>
      )}
      {error !== null && (
        <Notice tone="danger" isLive>
          {error}
        </Notice>
      )}
    </Dialog>
  );
}

function Kept({ kept, flows }: { readonly kept: WireSummary; readonly flows: readonly TakenFlow[] }) {
  const asked = connectionsOf(flows).length;
  if (kept.connections === 0) {
    return (
      <p>
        Nothing of the wire is kept of {flows.length === 1 ? 'this flow' : 'these flows'}.{' '}
        {kept.isFullCapture
          ? 'The connections began before full capture was on, or were forgotten since. Send the request again over a new connection.'
          : 'Only while capture is full (headers: full and bodies: on, under Workspace on the Routes screen) are the bytes of new connections kept.'}
      </p>
    );
  }
  return (
    <>
      <p>
        {formatBytes(kept.bytes)} of {counted(kept.connections, 'TCP connection')}, as read and written on
        both sides of Hopscope. Bytes, addresses and times are real; how they were cut into packets, their
        numbers and acknowledgements are made up, and the file says so.
      </p>
      {(kept.connections < asked || kept.lostBytes > 0) && (
        <p>
          {kept.connections < asked &&
            `${counted(asked - kept.connections, 'connection')} began before full capture was on and are not in it. `}
          {kept.lostBytes > 0 &&
            `${formatBytes(kept.lostBytes)} were beyond what is kept: they show as a gap.`}
        </p>
      )}
      <Notice tone="warning">
        Whoever has the file can read everything that travelled: passwords, cookies, bodies. A connection is
        saved whole, with the other requests that it carried.
      </Notice>
    </>
  );
}

function wordsOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
