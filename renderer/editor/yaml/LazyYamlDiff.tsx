import { lazy, Suspense, useEffect, useState } from 'react';
import type { HopscopeApi } from '../../../main/contract/api';
import type { WorkspaceDocument } from '../../../main/contract/config';
import type { Draft } from '../../stores/draft';
import type { YamlDiffProps } from './YamlDiff';

// The code editor is big and not needed for the first screen.
const YamlDiff = lazy(() => import('./YamlDiff'));

/** One side of a comparison: a text, a document in the words of what runs, or a draft with what was typed. */
export type DiffSide =
  | { readonly text: string }
  | { readonly document: WorkspaceDocument }
  | { readonly draft: Pick<Draft, 'document' | 'text'> };

/** A difference in YAML. The texts are made where they are needed; they come with the editor's code. */
export function LazyYamlDiff(
  props: Pick<YamlDiffProps, 'beforeLabel' | 'afterLabel' | 'isSideBySide'> & {
    readonly api: HopscopeApi;
    readonly before: DiffSide;
    readonly after: DiffSide;
  },
) {
  const { api, before, after, ...rest } = props;
  const [texts, setTexts] = useState<{ readonly before: string; readonly after: string } | string | null>(
    null,
  );
  useEffect(() => {
    let isGone = false;
    readTexts(api, before, after).then(
      (found) => !isGone && setTexts(found),
      (error: unknown) => !isGone && setTexts(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isGone = true;
    };
  }, [api, before, after]);
  if (typeof texts === 'string') return <p role="alert">The YAML cannot be compared: {texts}</p>;
  if (texts === null) return <p className="diff-loading">Comparing…</p>;
  if (texts.before === texts.after) return <p className="diff-loading">The YAML is the same.</p>;
  return (
    <Suspense fallback={<p className="diff-loading">Comparing…</p>}>
      <YamlDiff {...rest} before={texts.before} after={texts.after} />
    </Suspense>
  );
}

async function readTexts(api: HopscopeApi, before: DiffSide, after: DiffSide) {
  const [{ text: running }, { draftText, textOf }] = await Promise.all([
    api.call('getWorkspaceText', undefined),
    import('./draftText'),
  ]);
  const textOfSide = (side: DiffSide) => {
    if ('text' in side) return side.text;
    return 'draft' in side ? draftText(side.draft, running) : textOf(side.document, running);
  };
  return { before: textOfSide(before), after: textOfSide(after) };
}
