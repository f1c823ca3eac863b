import { FileClock, X } from 'lucide-react';
import { useContext } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/Button';
import { Notice } from '../components/Notice';
import type { CaptureFileStore, OpenedCapture } from '../stores/captureFileStore';
import { counted, formatClock } from '../stores/flowFormat';
import { IsViewer } from './isViewer';

/** Says that what is shown comes from a file and is not live, or why a file could not be opened. */
export function CaptureBanner({ captureFile }: { readonly captureFile: CaptureFileStore }) {
  const opened = useStore(captureFile, (state) => state.opened);
  const reading = useStore(captureFile, (state) => state.reading);
  const problem = useStore(captureFile, (state) => state.problem);
  const { close, dismissProblem } = captureFile.getState();
  return (
    <>
      {problem !== null && (
        <div className="capture-problem">
          <Notice tone="danger" isLive>
            {problem.name} was not opened: {problem.text}
          </Notice>
          <IconButton
            label="Dismiss"
            size="small"
            icon={<X size={14} aria-hidden />}
            onClick={dismissProblem}
          />
        </div>
      )}
      {reading !== null && (
        <div className="capture-banner" role="status">
          Reading {reading.name}…
          <progress value={reading.share} aria-label="Read so far" />
          <Button size="small" onClick={close}>
            Cancel
          </Button>
        </div>
      )}
      {opened !== null && reading === null && <Opened opened={opened} onClose={close} />}
    </>
  );
}

function Opened({ opened, onClose }: { readonly opened: OpenedCapture; readonly onClose: () => void }) {
  const { name, header, cutLine } = opened;
  const isViewer = useContext(IsViewer);
  return (
    <section className="capture-banner" aria-label="Capture file">
      <FileClock size={15} aria-hidden />
      <p>
        <strong>Capture file, not live:</strong> <span className="mono">{name}</span>, recorded{' '}
        {formatDay(opened.from)} {formatClock(opened.from)} to {formatClock(opened.to)}
        {remarks(opened).map((remark) => `. ${remark}`)}
        {header === null && '. It has no header: a log of events'}
        {cutLine !== null && `. Its last line (${cutLine}) is cut and was left out`}.
      </p>
      {!isViewer && (
        <Button size="small" onClick={onClose}>
          Back to live
        </Button>
      )}
    </section>
  );
}

function remarks({ header }: OpenedCapture): string[] {
  if (header === null) return [];
  return [
    ...(header.sampling > 1 ? [`Of ${header.sampling} flows one had been recorded`] : []),
    ...(header.lostEvents > 0 ? [`${counted(header.lostEvents, 'event')} had been lost`] : []),
  ];
}

/** "25 Nov 2026". */
function formatDay(wallTime: number): string {
  return new Date(wallTime).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
