import { Badge } from '../../components/Badge';
import type { Answer } from '../../composer/sendOnce';
import { bodyExcerpt } from '../sendTarget';

export function SendResult({ answer: { result, response } }: { readonly answer: Answer }) {
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
          {Math.round(result.durationMs * 10) / 10} ms · {response.bodyBytes} bytes
        </span>
      </p>
      {response.body !== '' && response.bodyEncoding === 'text' && <pre>{bodyExcerpt(response.body)}</pre>}
    </div>
  );
}
