import { AreaField } from '../../components/AreaField';
import { TextInput } from '../../components/TextInput';
import type { FormProps } from './formProps';

export function HeadersTab({ composed, change }: FormProps) {
  const isWebSocket = composed.mode === 'webSocket';
  const isHttp2 = composed.mode === 'http' && composed.protocol === 'h2';
  return (
    <div className="composer-form">
      <AreaField
        label="Headers"
        value={composed.headers}
        placeholder={'Accept: text/html\nX-Mine: 1'}
        help={
          isHttp2
            ? 'One a line, name: value. Names go out in lower case; Connection, Transfer-Encoding and the like are left out, as HTTP/2 has none.'
            : isWebSocket
              ? 'One a line, name: value. Those of the handshake are added.'
              : 'One a line, name: value, sent in this order. Host and Content-Length are added where they are not here; nothing else is.'
        }
        onChange={(headers) => change({ headers })}
      />
      {isWebSocket && (
        <TextInput
          label="Subprotocols"
          value={composed.webSocketProtocols}
          placeholder="none"
          help="Offered in this order: chat, v2.json"
          onChange={(webSocketProtocols) => change({ webSocketProtocols })}
        />
      )}
    </div>
  );
}
