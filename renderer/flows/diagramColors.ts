import type { DiagramColors } from './diagramDriver';

/** The app's tokens that the drawing uses. */
const tokens = [
  'surface',
  'surface-sunken',
  'line',
  'line-strong',
  'text',
  'text-muted',
  'accent',
  'accent-soft',
  'danger',
  'kind-listener',
  'kind-pool',
  'kind-route',
  'kind-route-soft',
] as const;

/** The tokens as they are on screen now. A probe resolves light-dark(), which custom properties keep as written. */
export function readDiagramColors(isDark: boolean): DiagramColors {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.documentElement.append(probe);
  const colors: Record<string, string> = {};
  for (const token of tokens) {
    probe.style.color = `var(--${token})`;
    colors[token] = getComputedStyle(probe).color;
  }
  probe.remove();
  return { colors, isDark };
}
