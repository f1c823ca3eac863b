// From a line of a diagram to the form that it came from.
import type { UiStore } from '../stores/uiStore';

export interface Place {
  /** Canvas id: "route:shop". */
  readonly node: string;
  /** Title of a section of its form; null = the form itself. */
  readonly section: string | null;
}

/** How long the form may take to be there, in milliseconds. */
const patienceMs = 2000;

export function openPlace(ui: UiStore, place: Place): void {
  ui.show('routes');
  ui.select(place.node);
  if (place.section !== null) openSection(place.section, performance.now() + patienceMs);
}

/** The screen is drawn later than it is asked for, so the section is looked for frame by frame. */
function openSection(title: string, deadline: number): void {
  const sections = [...document.querySelectorAll<HTMLDetailsElement>('.inspector details.section')];
  const found = sections.find((section) => section.querySelector('.section-title')?.textContent === title);
  if (found === undefined) {
    if (performance.now() < deadline) requestAnimationFrame(() => openSection(title, deadline));
    return;
  }
  found.open = true;
  found.querySelector('summary')?.focus();
  found.scrollIntoView({ block: 'nearest' });
}
