import { FlaskConical, Play, Plus, Square } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { SampleServer } from '../../../main/contract/sampleApi';
import { Badge } from '../../components/Badge';
import { Button } from '../../components/Button';
import { CopyButton } from '../../components/CopyButton';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { useEditor } from '../EditorContext';
import { countWords } from '../nodeFaces';
import { followSample, isInPool, sampleEdits, sampleNeeds, strandedEndpoints } from './sampleEdits';
import './samples.css';

/** All sample servers with their state; for a pool also the way into it. */
export function SamplesDialog({ pool }: { readonly pool: string | null }) {
  const { samples, overlay } = useEditor();
  const servers = useStore(samples, (state) => state.servers);
  const error = useStore(samples, (state) => state.error);
  useEffect(() => samples.watch(), [samples]);
  return (
    <Dialog
      title={pool === null ? 'Sample servers' : `Sample servers for pool ${pool}`}
      isOpen
      width="large"
      onClose={overlay.close}
    >
      <p className="field-help">
        Real servers on this machine only, to route to. Each keeps its port where that is free, so a workspace
        finds it again after a restart. They stop with Hopscope.
      </p>
      {error !== null && (
        <Notice tone="danger" isLive>
          {error}
        </Notice>
      )}
      <ul className="samples">
        {servers.map((server) => (
          <SampleRow key={server.name} server={server} pool={pool} />
        ))}
      </ul>
    </Dialog>
  );
}

const stateTones = { running: 'ok', starting: 'info', stopped: 'neutral', failed: 'danger' } as const;

function SampleRow({ server, pool }: { readonly server: SampleServer; readonly pool: string | null }) {
  const { samples } = useEditor();
  const isBusy = useStore(samples, (state) => state.busy.has(server.name));
  const isRunning = server.state === 'running';
  const { name } = server;
  return (
    <li className="sample" aria-label={`Sample ${name}`}>
      <div className="sample-name">
        <FlaskConical size={14} aria-hidden />
        <b>{name}</b>
        <Badge tone={stateTones[server.state]}>{server.state}</Badge>
      </div>
      <div className="sample-about">
        <span>{server.about}</span>
        {server.problem !== null && <span className="field-error">{server.problem}</span>}
        {isRunning && server.port !== server.usualPort && <OtherPort server={server} />}
        <span className="muted">
          {server.address}:{server.port}
          {isRunning &&
            ` · ${server.served.toLocaleString('en')} served · ${countWords(server.openConnections, 'open connection')}`}
        </span>
      </div>
      <div className="sample-actions">
        <CopyButton text={server.hint} label={`Copy a command that tries ${name}`} isIconOnly />
        {pool !== null && <UseButton server={server} pool={pool} />}
        <Button
          size="small"
          isBusy={isBusy}
          icon={isRunning ? <Square size={12} aria-hidden /> : <Play size={12} aria-hidden />}
          aria-label={`${isRunning ? 'Stop' : 'Start'} ${name}`}
          onClick={() => void (isRunning ? samples.stop(name) : samples.start(name))}
        >
          {isRunning ? 'Stop' : 'Start'}
        </Button>
      </div>
    </li>
  );
}

/** Its usual port was taken: says so, and what that means for endpoints that name it. */
function OtherPort({ server }: { readonly server: SampleServer }) {
  const { config, ui } = useEditor();
  const { name, port, usualPort } = server;
  const count = useStore(config, (state) => strandedEndpoints(state.draft.document, server).length);
  const follow = () => {
    config.edit(followSample(config.getState().draft.document, server));
    const text = `${count === 1 ? 'An endpoint leads' : `${count} endpoints lead`} to port ${port} in the draft now.`;
    ui.toast('info', text, { label: 'Undo', run: () => config.undo() });
  };
  return (
    <span className="sample-other-port">
      Another program uses port {usualPort}, so {name} listens on {port}.
      {count > 0 && (
        <>
          {' '}
          {countWords(count, 'endpoint')} of the draft still {count === 1 ? 'leads' : 'lead'} to the other
          program.{' '}
          <Button size="small" onClick={follow}>
            Lead {count === 1 ? 'it' : 'them'} to {port}
          </Button>
        </>
      )}
    </span>
  );
}

function UseButton({ server, pool }: { readonly server: SampleServer; readonly pool: string }) {
  const { config, samples, ui } = useEditor();
  const document = useStore(config, (state) => state.draft.document);
  const isUsed = isInPool(document, pool, server);
  const use = async () => {
    await samples.start(server.name);
    // The port that it really got.
    const started = samples.getState().servers.find(({ name }) => name === server.name) ?? server;
    if (started.state !== 'running') return;
    const draft = config.getState().draft.document;
    config.edit(sampleEdits(draft, pool, started));
    const needs = sampleNeeds(config.getState().draft.document, pool, started);
    ui.toast(
      needs === null ? 'info' : 'warning',
      needs ?? `Sample ${server.name} is an endpoint of ${pool}.`,
      {
        label: 'Undo',
        run: () => config.undo(),
      },
    );
  };
  return (
    <Button
      size="small"
      disabled={isUsed}
      icon={<Plus size={12} aria-hidden />}
      aria-label={`Use ${server.name} as an endpoint`}
      onClick={() => void use()}
    >
      {isUsed ? 'In the pool' : 'Use'}
    </Button>
  );
}
