import { Check, ChevronDown, Copy, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import type { Flow } from '../../main/contract/flow';
import { Button } from '../components/Button';
import { CopyContext } from '../components/copyContext';
import { download } from '../components/download';
import { portalHost } from '../components/portalHost';
import { useOutcome } from '../components/useOutcome';
import type { DiagramPicture } from './DiagramFrame';
import type { DiagramLevel, DiagramSteps } from './diagramSteps';
import { pngOf } from './pictures';
import { textOfSteps } from './sequenceText';

/** More than this no viewer draws in bearable time. */
const mostSteps = 500;

/** Takes the diagram away: as Mermaid, SVG or PNG, to the clipboard or into a file. */
export function CopyDiagramMenu(props: {
  readonly diagram: DiagramSteps;
  readonly flow: Flow;
  readonly level: DiagramLevel;
  readonly picture: { current: DiagramPicture | null };
}) {
  const { diagram, picture } = props;
  const copyText = useContext(CopyContext);
  const { said, run } = useOutcome();
  const name = `hopscope-flow-${props.flow.id}-${props.level}`;
  const kept = Math.min(mostSteps, diagram.steps.length);
  const mermaid = () =>
    textOfSteps(diagram, { from: diagram.steps.length - kept, to: diagram.steps.length }).text;
  const svg = async () => {
    if (picture.current === null) throw new Error('nothing is drawn yet');
    return picture.current.svg();
  };
  const copyPng = async () => {
    // Given the promise, the browser still counts this as the user's own act when the picture is done.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': svg().then(pngOf) })]);
  };
  const entry = (label: string, done: string, act: () => Promise<void> | void) => (
    <DropdownMenu.Item className="menu-item" onSelect={() => run(done, act)}>
      {label}
    </DropdownMenu.Item>
  );
  const Icon = said === null ? Copy : said.isOk ? Check : X;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button size="small" icon={<Icon size={14} aria-hidden />} title="Copy or save this diagram">
          <span className={said === null ? 'diagram-copy-label' : undefined}>{said?.text ?? 'Copy'}</span>
          <ChevronDown size={13} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <span role="status" className="visually-hidden">
        {said?.text ?? ''}
      </span>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {entry(
            kept < diagram.steps.length ? `Copy as Mermaid (last ${kept} steps)` : 'Copy as Mermaid',
            'Copied',
            () => copyText(mermaid()),
          )}
          {entry('Copy as SVG', 'Copied', async () => copyText(await svg()))}
          {entry('Copy as PNG', 'Copied', copyPng)}
          <DropdownMenu.Separator className="menu-separator" />
          {entry('Save as Mermaid', 'Saved', () => download(`${name}.mmd`, mermaid(), 'text/plain'))}
          {entry('Save as SVG', 'Saved', async () => download(`${name}.svg`, await svg(), 'image/svg+xml'))}
          {entry('Save as PNG', 'Saved', async () =>
            download(`${name}.png`, await pngOf(await svg()), 'image/png'),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
