import type { ClientResponse } from '../../../main/contract/api';
import { Badge } from '../../components/Badge';
import { bodyExcerpt } from '../sendTarget';

export function SendResult({ response }: { readonly response: ClientResponse }) {
  const tone =
    response.status < 300
      ? 'ok'
      : response.status < 400
        ? 'info'
        : response.status < 500
          ? 'warning'
          : 'danger';
  return (
    <div className="send-result">
      <p>
        <Badge tone={tone}>
          {response.status} {response.reason}
        </Badge>{' '}
        <span className="field-help">
          {Math.round(response.durationMs * 10) / 10} ms · {response.bodyBytes} bytes
        </span>
      </p>
      {response.body !== '' && <pre>{bodyExcerpt(response.body)}</pre>}
    </div>
  );
}
