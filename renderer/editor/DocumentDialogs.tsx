import './draft.css';
import { HistoryDialog } from './history/HistoryDialog';
import { MergeDialog } from './MergeDialog';
import { OutsideDialog } from './OutsideDialog';
import { ReviewDialog } from './ReviewDialog';

/** The dialogs about the document as a whole; they open from every screen. */
export function DocumentDialogs() {
  return (
    <>
      <ReviewDialog />
      <HistoryDialog />
      <MergeDialog />
      <OutsideDialog />
    </>
  );
}
