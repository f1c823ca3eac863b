import { lazy, Suspense } from 'react';

// The code editor is big and not needed for the first screen.
const YamlEditor = lazy(async () => ({ default: (await import('./YamlEditor')).YamlEditor }));

/** The workspace as text, beside the canvas or in place of it. */
export function YamlPane() {
  return (
    <section className="yaml-pane" aria-label="YAML">
      <Suspense fallback={<p className="loading">Loading the editor…</p>}>
        <YamlEditor />
      </Suspense>
    </section>
  );
}
