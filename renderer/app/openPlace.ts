// From a line of a diagram to the field that it came from.
import { focusForm } from '../editor/focusForm';
import type { UiStore } from '../stores/uiStore';

export interface Place {
  /** Canvas id: "route:shop". */
  readonly node: string;
  /** Title of a section of its form; null = the form itself. */
  readonly section: string | null;
  /** The field as its form names it: "matches.0.path"; null = none. */
  readonly at: string | null;
}

/** How long the form may take to be there, in milliseconds. */
const patienceMs = 2000;

export function openPlace(ui: UiStore, place: Place): void {
  ui.show('routes');
  ui.select(place.node);
  if (place.at !== null || place.section !== null) open(place, performance.now() + patienceMs);
}

/** The screen is drawn later than it is asked for, so the place is looked for frame by frame. */
function open(place: Place, deadline: number): void {
  requestAnimationFrame(() => {
    if (place.at !== null && hasField(place.at)) focusForm(place.at);
    else if (place.section === null || !openSection(place.section)) {
      if (performance.now() < deadline) open(place, deadline);
    }
  });
}

/** The field, or what holds it. */
function hasField(at: string): boolean {
  const [first = ''] = at.split('.');
  return document.querySelector(`.inspector [data-at^="${CSS.escape(first)}"]`) !== null;
}

function openSection(title: string): boolean {
  const sections = [...document.querySelectorAll<HTMLDetailsElement>('.inspector details.section')];
  const found = sections.find((section) => section.querySelector('.section-title')?.textContent === title);
  if (found === undefined) return false;
  found.open = true;
  found.querySelector('summary')?.focus();
  found.scrollIntoView({ block: 'nearest' });
  return true;
}
