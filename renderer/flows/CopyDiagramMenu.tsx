import { Check, ChevronDown, Copy, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import { Button } from '../components/Button';
import { CopyContext } from '../components/copyContext';
import { download } from '../components/download';
import { portalHost } from '../components/portalHost';
import { useOutcome } from '../components/useOutcome';
import type { DiagramPicture } from './DiagramFrame';
import type { DiagramSteps } from './diagramSteps';
import { pngOf } from './pictures';
import { textOfSteps } from './sequenceText';

export interface CopyDiagramProps {
  /** Of the files, without what follows the dot. */
  readonly name: string;
  /** What it is called in the menu, how its file ends, and the text itself. */
  readonly text: { readonly label: string; readonly ending: string; readonly make: () => string };
  /** An SVG document; rejects when nothing is drawn. */
  readonly svg: () => Promise<string>;
}

/** Takes a drawing away: as text, SVG or PNG, to the clipboard or into a file. */
export function CopyDiagramMenu({ name, text, svg }: CopyDiagramProps) {
  const copyText = useContext(CopyContext);
  const { said, run } = useOutcome();
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
          {entry(`Copy as ${text.label}`, 'Copied', () => copyText(text.make()))}
          {entry('Copy as SVG', 'Copied', async () => copyText(await svg()))}
          {entry('Copy as PNG', 'Copied', copyPng)}
          <DropdownMenu.Separator className="menu-separator" />
          {entry(`Save as ${text.label}`, 'Saved', () =>
            download(`${name}.${text.ending}`, text.make(), 'text/plain'),
          )}
          {entry('Save as SVG', 'Saved', async () => download(`${name}.svg`, await svg(), 'image/svg+xml'))}
          {entry('Save as PNG', 'Saved', async () =>
            download(`${name}.png`, await pngOf(await svg()), 'image/png'),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** More than this no viewer draws in bearable time. */
const mostSteps = 500;

/** One diagram as a text for the menu. */
export function mermaidOf(diagram: DiagramSteps): CopyDiagramProps['text'] {
  const count = diagram.steps.length;
  const kept = Math.min(mostSteps, count);
  return {
    label: kept < count ? `Mermaid (last ${kept} steps)` : 'Mermaid',
    ending: 'mmd',
    make: () => textOfSteps(diagram, { from: count - kept, to: count }).text,
  };
}

/** What a frame draws now. */
export function svgOf(picture: { readonly current: DiagramPicture | null }): Promise<string> {
  if (picture.current === null) return Promise.reject(new Error('nothing is drawn yet'));
  return picture.current.svg();
}
