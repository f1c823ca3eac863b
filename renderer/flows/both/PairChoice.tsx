import { type BothPair, bothPairs } from '../../../main/contract/bothApi';
import type { BothForm } from './bothForm';

const pairTexts: Readonly<Record<BothPair | 'own', readonly [title: string, text: string]>> = {
  layers: [
    'L4 | L7',
    'A TCP relay forwards each chunk at once; an HTTP route holds the whole request first.',
  ],
  tls: ['Passthrough | terminate', 'TLS that the proxy cannot read, or that it ends, reads and seals anew.'],
  buffering: [
    'Buffered | streamed',
    'An HTTP route with the whole request first, or with each chunk as it comes.',
  ],
  reuse: [
    'Reuse on | reuse off',
    'Two requests each; the second finds a connection to the endpoint, or not.',
  ],
  own: ['Two of your own', 'Listeners and routes of the workspace that runs, with their own endpoints.'],
};

/** The ready-made pairs, and the own one. `ownRefusal` = why there is none to choose. */
export function PairChoice(props: {
  readonly pair: BothForm['pair'];
  readonly ownRefusal: string | null;
  readonly onChange: (pair: BothForm['pair']) => void;
}) {
  const { pair, ownRefusal } = props;
  return (
    <fieldset className="send-both-pairs">
      <legend className="field-label">Which two ways</legend>
      {[...bothPairs, 'own' as const].map((id) => {
        const refusal = id === 'own' ? ownRefusal : null;
        return (
          <label key={id} className={pair === id ? 'send-both-pair send-both-pair-on' : 'send-both-pair'}>
            <input
              type="radio"
              name="pair"
              checked={pair === id}
              disabled={refusal !== null}
              onChange={() => props.onChange(id)}
            />
            <span>
              <b>{pairTexts[id][0]}</b>
              <span className="muted">{refusal ?? pairTexts[id][1]}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
