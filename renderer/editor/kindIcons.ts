import { Boxes, EarIcon, type LucideIcon, MonitorSmartphone, Server, Split } from 'lucide-react';
import type { CanvasKind } from './nodeIds';

export const kindIcons: Readonly<Record<CanvasKind, LucideIcon>> = {
  client: MonitorSmartphone,
  listener: EarIcon,
  route: Split,
  pool: Boxes,
  endpoint: Server,
};
