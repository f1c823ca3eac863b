import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { Badge } from '../components/Badge';
import { expiryOf } from './expiry';

const icons = { ok: CircleCheck, warning: TriangleAlert, danger: CircleAlert } as const;

export function ExpiryBadge({ notAfter }: { readonly notAfter: string }) {
  const expiry = expiryOf(notAfter, Date.now());
  const Icon = icons[expiry.tone];
  return (
    <span title={`until ${new Date(notAfter).toLocaleString()}`}>
      <Badge tone={expiry.tone} icon={<Icon size={12} aria-hidden />}>
        {expiry.text}
      </Badge>
    </span>
  );
}
