import { CircleCheck, CircleDashed, CircleSlash, Lightbulb, X } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../../components/Button';
import { Field } from '../../components/Field';
import { TextInput } from '../../components/TextInput';
import { formatHeaderLines } from '../../stores/headerLines';
import { useEditor } from '../EditorContext';
import { formatNode } from '../nodeIds';
import type { RouteVerdict } from '../wayOfRequest';
import { ChoiceSelect } from './BoundFields';
import { RecordedRequestField } from './RecordedRequestField';

/** "Which way would this request go?": typed or taken from a recorded flow, asked of the draft. Nothing is sent. */
export function TesterPanel() {
  const { tester, config } = useEditor();
  const request = useStore(tester, (state) => state.request);
  const error = useStore(tester, (state) => state.error);
  const listeners = useStore(config, (state) => state.draft.document.listeners ?? noListeners);
  return (
    <>
      <header className="inspector-head kind-route">
        <Lightbulb size={16} aria-hidden />
        <h2>Ask the routes</h2>
        <IconButton
          label="Close the request tester"
          size="small"
          icon={<X size={15} aria-hidden />}
          onClick={() => {
            tester.clear();
            tester.close();
          }}
        />
      </header>
      <div className="inspector-scroll">
        <form
          className="inspector-form tester-form"
          onSubmit={(event) => {
            event.preventDefault();
            void tester.ask();
          }}
        >
          <p className="field-help">
            Shows the way that a request would take through the draft. Nothing is sent.
          </p>
          <Field label="Arrives at">
            {(control) => (
              <ChoiceSelect
                control={control}
                value={request.listener}
                choices={listeners.map((item) => ({
                  value: item.id,
                  label: `${item.id} (${item.protocol}, port ${item.port})`,
                }))}
                onChange={(listener) => tester.change({ listener })}
              />
            )}
          </Field>
          <div className="tester-line">
            <TextInput
              label="Method"
              value={request.method}
              onChange={(method) => tester.change({ method })}
            />
            <TextInput
              label="Host name and path"
              value={request.url}
              onChange={(url) => tester.change({ url })}
            />
          </div>
          <Field label="Headers" help='One "name: value" a line.'>
            {(control) => (
              <textarea
                {...control}
                className="input"
                rows={3}
                spellCheck={false}
                value={request.headers}
                onChange={(event) => tester.change({ headers: event.target.value })}
              />
            )}
          </Field>
          <RecordedRequestField
            onChoose={(listener, head) => {
              const host = head.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
              const others = head.headers.filter(([name]) => name.toLowerCase() !== 'host');
              const url = head.target.startsWith('/') ? `${host}${head.target}` : head.target;
              tester.change({ listener, method: head.method, url, headers: formatHeaderLines(others) });
              void tester.ask();
            }}
          />
          <div className="send-actions">
            <Button variant="primary" type="submit" icon={<Lightbulb size={14} aria-hidden />}>
              Show the way
            </Button>
          </div>
          <div role="status">{error !== null && <p className="field-error">{error}</p>}</div>
          <Verdicts />
        </form>
      </div>
    </>
  );
}

const noListeners: readonly never[] = [];

const ranks = { won: 0, outranked: 1, missed: 2, elsewhere: 3 } as const;

function bestFirst(a: RouteVerdict, b: RouteVerdict): number {
  return ranks[a.outcome] - ranks[b.outcome];
}

function Verdicts() {
  const { tester } = useEditor();
  const answer = useStore(tester, (state) => state.answer);
  if (answer === null) return null;
  const { destination } = answer;
  if (destination !== undefined) {
    return (
      <section className="verdicts" aria-label="What the allow-list says" aria-live="polite">
        <h3>{destinationWords[destination.verdict]}</h3>
        <p>
          <strong>
            {destination.hostname} port {destination.port}
          </strong>
          : {destination.reason}
        </p>
      </section>
    );
  }
  return (
    <section className="verdicts" aria-label="What each route says" aria-live="polite">
      <h3>{answer.winner === null ? 'No route takes it' : `Route ${answer.winner} takes it`}</h3>
      <ul>
        {answer.way.verdicts.toSorted(bestFirst).map((verdict) => (
          <Verdict key={verdict.route} verdict={verdict} />
        ))}
      </ul>
    </section>
  );
}

const destinationWords = {
  allowed: 'The forward proxy goes there',
  refused: 'The forward proxy does not go there',
  byAddress: 'Allowed or not, by its address',
} as const;

const icons = {
  won: CircleCheck,
  outranked: CircleDashed,
  missed: CircleSlash,
  elsewhere: CircleSlash,
} as const;

function Verdict({ verdict }: { readonly verdict: RouteVerdict }) {
  const { ui } = useEditor();
  const Icon = icons[verdict.outcome];
  return (
    <li>
      <button
        type="button"
        className={`verdict verdict-${verdict.outcome}`}
        onClick={() => ui.reveal(formatNode({ kind: 'route', id: verdict.route }))}
      >
        <Icon size={14} aria-hidden />
        <span>
          <strong>{verdict.route}</strong> {verdict.text}
        </span>
      </button>
    </li>
  );
}
