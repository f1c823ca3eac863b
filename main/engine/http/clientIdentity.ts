import { isInRange, parseAddress } from '../../contract/addressRange';
import type { CompiledListener } from '../compiledConfig';
import type { Exchange } from './exchange';
import type { ClientIdentity } from './forwardedRequestHead';

/** Who asks, for the head that goes to the endpoint. */
export function clientIdentity({ listener, host }: Exchange): ClientIdentity {
  const { clientHeaders, protocol, forward } = listener.config;
  const isHidden = protocol === 'forward' && forward?.tellsClient !== true;
  const style = isHidden ? 'off' : clientHeaders;
  return { style, isTrusted: isTrustedProxy(listener, host.client.address), port: host.destination.port };
}

function isTrustedProxy({ trustedProxies }: CompiledListener, text: string): boolean {
  if (trustedProxies.length === 0) return false;
  const address = parseAddress(text);
  return address !== null && trustedProxies.some((range) => isInRange(address, range));
}
