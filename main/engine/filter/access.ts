import { type AddressRange, isInRange, parseAddress, parseAddressRange } from '../../contract/addressRange';
import type { Filter } from '../../contract/config';
import type { FilterKind } from './filterKind';
import { refusalAnswer } from './refusalAnswer';

const refused = refusalAnswer(403, 'access_denied', 'this address may not use the route');

/** Lets clients in by address: deny wins, a non-empty allow refuses everybody else. An unknown address is refused. */
export const access: FilterKind<Extract<Filter, { type: 'access' }>> = {
  start: (config) => {
    const allow = rangesOf(config.allow);
    const deny = rangesOf(config.deny);
    return (request) => {
      const { clientAddress } = request;
      const address = parseAddress(clientAddress);
      const denied = address === null ? undefined : deny.find(({ range }) => isInRange(address, range));
      const allowed = address === null ? undefined : allow.find(({ range }) => isInRange(address, range));
      const isRefused =
        denied !== undefined || address === null || (allow.length > 0 && allowed === undefined);
      request.explain(() => {
        const who = address === null ? 'a client without an address' : clientAddress;
        if (denied !== undefined) return `${who} is in deny ${denied.text}, answered 403`;
        if (isRefused) return `${who} is not in allow, answered 403`;
        return allowed === undefined ? `${who} is not in deny` : `${who} is in allow ${allowed.text}`;
      });
      return isRefused ? refused : null;
    };
  },
};

interface NamedRange {
  readonly text: string;
  readonly range: AddressRange;
}

/** Validation lets no other text through; one that is no range would be left out. */
function rangesOf(texts: readonly string[]): NamedRange[] {
  return texts.flatMap((text) => {
    const range = parseAddressRange(text);
    return range === null ? [] : [{ text, range }];
  });
}
