// TCP connections in the picture: opened, reused, refused, closed, and by whom.
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { counted, formatMicroseconds } from '../stores/flowFormat';
import { words } from './describeEvent';
import { clientParty, type Parties, type Party, proxyParty } from './diagramParties';
import type { Step, StepBuilder } from './stepBuilder';
import { quietReasons } from './stepWords';

export type ConnectionEvent = FlowEventOf<
  | 'connection.opened'
  | 'connection.closed'
  | 'upstream.connecting'
  | 'upstream.connected'
  | 'upstream.reused'
  | 'upstream.failed'
>;

/** `isQuiet` = where decisions are the subject: opening and closing get no step of their own. */
export function connectionSteps(builder: StepBuilder, parties: Parties, isQuiet: boolean) {
  /** The arrow of the connection that is being opened: connecting, opened and connected are one step. */
  let connecting: Step | null = null;
  /** The arrow of an endpoint's reset: what fails because of it is the same step. */
  let reset: Step | null = null;

  function take(event: ConnectionEvent): void {
    switch (event.kind) {
      case 'connection.opened':
        opened(event);
        break;
      case 'connection.closed':
        closed(event);
        break;
      case 'upstream.connecting':
        begins(event);
        break;
      case 'upstream.connected':
        connected(event);
        break;
      case 'upstream.reused': {
        const before = counted(event.earlierExchanges, 'exchange');
        arrow(
          event,
          proxyParty,
          endpointOf(event),
          `reuses connection ${event.connectionId} (${before} before)`,
        );
        break;
      }
      default:
        connecting = null;
        failed(event);
    }
  }

  function opened(event: FlowEventOf<'connection.opened'>): void {
    const text = `opens TCP connection ${event.connectionId}`;
    if (event.leg === 'downstream') {
      if (isQuiet) builder.attach(event.seq);
      else arrow(event, clientParty, proxyParty, text);
    } else if (connecting !== null) connecting.seqs.push(event.seq);
    else connecting = arrow(event, proxyParty, endpointOf(event), text);
  }

  function begins(event: FlowEventOf<'upstream.connecting'>): void {
    const endpoint = endpointOf(event);
    if (connecting !== null && connecting.to === endpoint) connecting.seqs.push(event.seq);
    else connecting = arrow(event, proxyParty, endpoint, 'opens TCP connection');
  }

  function connected(event: FlowEventOf<'upstream.connected'>): void {
    const text = `opens TCP connection ${event.connectionId} in ${formatMicroseconds(event.durationMicroseconds)}`;
    const open = connecting;
    connecting = null;
    if (open === null) {
      arrow(event, proxyParty, endpointOf(event), text);
      return;
    }
    // The arrow stands where connecting began, and so does its time.
    const began = open.lines[0]?.split(' · ').at(-1) ?? builder.when(event);
    open.lines = [`${text} · ${began}`];
    open.seqs.push(event.seq);
  }

  function failed(event: FlowEventOf<'upstream.failed'>): void {
    const isOfReset = reset !== null && reset === builder.last && reset.from === endpointOf(event);
    if (event.code === 'upstream_reset' && isOfReset) reset?.seqs.push(event.seq);
    else arrow(event, endpointOf(event), proxyParty, words(event.code).toLowerCase(), 'cross');
  }

  function closed(event: FlowEventOf<'connection.closed'>): void {
    if (isQuiet) {
      builder.attach(event.seq);
      return;
    }
    const outer = event.leg === 'downstream' ? clientParty : endpointOf(event);
    const ownEnd = event.leg === 'downstream' ? 'client' : 'endpoint';
    // An end that came from the other leg is passed on by the proxy.
    const isFromOuter = event.closedBy === ownEnd;
    const isPassedOn = !isFromOuter && event.closedBy !== 'proxy';
    const because = isPassedOn ? `, passing on the ${event.closedBy}'s` : ':';
    const text = `closes connection ${event.connectionId}${because} ${words(event.reason).toLowerCase()}`;
    const [from, to] = isFromOuter ? [outer, proxyParty] : [proxyParty, outer];
    const step = arrow(event, from, to, text, quietReasons.has(event.reason) ? 'dashed' : 'cross');
    const isReset = event.leg === 'upstream' && isFromOuter && event.reason === 'reset';
    if (isReset) reset = step;
  }

  function endpointOf(event: ConnectionEvent): Party {
    return parties.endpointOf(event);
  }

  function arrow(
    event: ConnectionEvent,
    from: Party,
    to: Party,
    text: string,
    line: Step['line'] = 'solid',
  ): Step {
    return builder.arrow([event], from, to, line, [`${text} · ${builder.when(event)}`]);
  }

  return { take };
}
