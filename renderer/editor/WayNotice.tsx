import { Lightbulb, X } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/Button';
import { useEditor } from './EditorContext';

/** While a way is lit and its panel is closed: what is lit, and how to put it out. */
export function WayNotice() {
  const { tester } = useEditor();
  const answer = useStore(tester, (state) => state.answer);
  const isOpen = useStore(tester, (state) => state.isOpen);
  if (answer === null || isOpen) return null;
  return (
    <div className="way-notice">
      <Button
        size="small"
        variant="ghost"
        icon={<Lightbulb size={14} aria-hidden />}
        onClick={() => tester.open()}
      >
        <span className="way-words">
          {answer.winner === null ? 'No route' : `Route ${answer.winner}`} for {answer.asked.method}{' '}
          {answer.asked.url}
        </span>
      </Button>
      <IconButton
        label="Put the lit way out"
        size="small"
        icon={<X size={14} aria-hidden />}
        onClick={() => tester.clear()}
      />
    </div>
  );
}
