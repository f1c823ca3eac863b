import type { Filter } from '../../contract/config';
import type { FilterAnswer, FilteredRequest, FilterKind } from './filterKind';
import { refusalAnswer } from './refusalAnswer';
import { strikes } from './strikes';

/** Breaks requests on purpose: delays them, answers with an error, slows the response down. */
export const fault: FilterKind<Extract<Filter, { type: 'fault' }>> = {
  start: ({ delay, abort, bandwidthBytesPerSecond }) => {
    const aborted =
      abort === undefined ? null : refusalAnswer(abort.status, 'fault_injected', 'this fault was injected');
    const decideAbort = (request: FilteredRequest): FilterAnswer | null => {
      if (abort === undefined || aborted === null || !strikes(abort.percent, request)) return null;
      request.injectFault('abort', () => `${abort.percent} % of the requests are answered ${abort.status}`);
      return aborted;
    };
    return (request) => {
      if (bandwidthBytesPerSecond !== undefined) {
        request.limitBandwidth(bandwidthBytesPerSecond);
        request.injectFault(
          'bandwidth',
          () => `the response goes at ${bandwidthBytesPerSecond} bytes per second`,
        );
      }
      if (delay === undefined || delay.ms === 0 || !strikes(delay.percent, request))
        return decideAbort(request);
      request.injectFault('delay', () => `${delay.percent} % of the requests are held up for ${delay.ms} ms`);
      return {
        begin: (done) => {
          const timer = setTimeout(() => done(decideAbort(request)), delay.ms);
          return () => clearTimeout(timer);
        },
      };
    };
  },
};
