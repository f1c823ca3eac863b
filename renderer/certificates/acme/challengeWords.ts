import type { AcmeState } from '../../../main/contract/acme';
import type { AcmeChallengeType } from '../../../main/contract/certificate';

export const challengeChoices: readonly { readonly value: AcmeChallengeType; readonly label: string }[] = [
  { value: 'http-01', label: 'http-01: a page on port 80, answered by Hopscope' },
  { value: 'tls-alpn-01', label: 'tls-alpn-01: a handshake on port 443, answered by Hopscope' },
  { value: 'dns-01', label: 'dns-01: a TXT record that you set' },
];

/** Whether the engine can answer such a proof as it stands, in words. */
export function answeringWords(
  state: Pick<AcmeState, 'answering'>,
  challenge: AcmeChallengeType,
): { readonly help: string; readonly warning: string | null } {
  if (challenge === 'dns-01') {
    return { help: 'You are shown the record to set. It cannot renew by itself.', warning: null };
  }
  const [wanted, listeners, kind] =
    challenge === 'http-01'
      ? ([80, state.answering.http, 'HTTP'] as const)
      : ([443, state.answering.tls, 'TLS'] as const);
  const found = listeners.find(({ port }) => port === wanted);
  if (found !== undefined) return { help: `Listener ${found.listener} answers it.`, warning: null };
  const first = listeners[0];
  if (first === undefined) {
    return {
      help: '',
      warning: `No ${kind} listener runs that could answer. Open a port for the proof, or add a listener on port ${wanted}.`,
    };
  }
  return {
    help: '',
    warning: `The CA connects to port ${wanted}, and listener ${first.listener} is on ${first.port}: a router must forward ${wanted} to it, or open a port for the proof.`,
  };
}
