// The drawing's colours as custom properties, which the page sends: a change of theme needs no new drawing.
export const frameStyle = `
  text.actor > tspan, .actor-box text { fill: var(--text) !important; }
  rect.actor { filter: none !important; fill: var(--surface-sunken) !important; stroke: var(--line-strong) !important; }
  .actor-line { stroke: var(--line-strong) !important; }
  .messageLine0, .messageLine1 { stroke: var(--kind-listener) !important; stroke-width: 1.5px !important; }
  .messageLine1 { stroke: var(--kind-pool) !important; }
  [marker-end*="crosshead"] { stroke: var(--danger) !important; }
  .messageText, .messageText > tspan { fill: var(--text) !important; stroke: none !important; }
  .note { filter: none !important; fill: var(--kind-route-soft) !important; stroke: var(--kind-route) !important; stroke-opacity: 0.5; }
  .noteText, .noteText > tspan { fill: var(--text) !important; }
  [id$="arrowhead"] path, [id$="filled-head"] path, [id$="crosshead"] path {
    fill: var(--text-muted) !important; stroke: var(--text-muted) !important;
  }
  rect.rect { filter: none !important; stroke: var(--line) !important; stroke-width: 1px !important; }
  text.text, text.text > tspan { fill: var(--text-muted) !important; }
  [data-row] { cursor: pointer; }
  .row-marker { fill: var(--accent-soft); stroke: var(--accent); stroke-width: 1.25; pointer-events: none; }
  .row-current.messageText { font-weight: 600; }
  .row-current.messageLine0, .row-current.messageLine1 { stroke: var(--accent) !important; stroke-width: 2.5px !important; }
  .row-current .note { stroke: var(--accent) !important; stroke-opacity: 1; stroke-width: 2px !important; }
`;
