import type { HopscopeApi } from '../../main/contract/api';
import type { ComposerStore } from '../composer/composerStore';
import type { ApplyPreferencesStore } from '../stores/applyPreferences';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { FlowStore } from '../stores/flowState';
import { freeId } from '../stores/freeNames';
import type { HealthStore } from '../stores/healthStore';
import type { SampleStore } from '../stores/sampleStore';
import type { UiStore } from '../stores/uiStore';
import { createApplying } from './applying';
import { createCacheStore } from './cacheStore';
import { createDocumentViews } from './documentViews';
import type { EditorTools } from './EditorContext';
import { focusForm, focusNode } from './focusForm';
import { duplicate, fragmentOf, fragmentText, insertFragment, readFragment } from './fragment';
import { addThing } from './newThings';
import { formatMark, parseNode } from './nodeIds';
import { createOverlayStore } from './overlayStore';
import { proposedTest } from './proposedTest';
import { losses, removalEdits } from './removal';
import { createTesterStore } from './testerStore';
import { createTrafficStore } from './trafficStore';

export interface EditorStores {
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly health: HealthStore;
  readonly ui: UiStore;
  readonly flows: FlowStore;
  readonly composer: ComposerStore;
  readonly preferences: ApplyPreferencesStore;
  readonly samples: SampleStore;
}

/** Everything that a gesture, a key, a menu or the palette can do to the draft. */
export function createEditorTools(
  api: HopscopeApi,
  stores: EditorStores,
  openCapture: () => void,
): EditorTools {
  const { config, ui } = stores;
  const { certificates, health, flows, composer } = stores;
  const tester = createTesterStore(api, config);
  const overlay = createOverlayStore();
  const applying = createApplying(config, ui, stores.preferences);
  const draftNow = () => config.getState().draft.document;
  const removeNow = (ids: readonly string[]) => {
    config.edit(removalEdits(draftNow(), ids));
    ui.select(null);
  };
  const insert = (insertion: ReturnType<typeof insertFragment>) => {
    if (insertion.edits.length === 0) return;
    config.edit(insertion.edits);
    ui.selectMany(insertion.nodes);
    focusNode(insertion.nodes.at(-1));
  };
  return {
    api,
    config,
    certificates,
    health,
    ui,
    flows,
    composer,
    tester,
    traffic: createTrafficStore(api, config),
    caches: createCacheStore(api),
    overlay,
    samples: stores.samples,
    applying,
    views: createDocumentViews(localStorage),
    focusForm,
    openCapture,
    askRoutes() {
      const { request, answer } = tester.getState();
      tester.open(answer === null ? proposedTest(draftNow(), ui.getState().selected, request) : {});
      focusForm();
    },
    add(thing, at) {
      const addition = addThing(draftNow(), at ?? ui.getState().selected, thing);
      if (addition === null) {
        ui.toast('info', 'An endpoint belongs to a pool: add a pool first.');
        return;
      }
      config.edit(addition.edits);
      ui.select(addition.node);
      focusForm();
    },
    take(offer, at) {
      const isPlaced =
        at !== undefined && offer.isNew && offer.kind !== 'endpoint' && offer.kind !== 'filter';
      config.edit([
        ...offer.edits,
        ...(isPlaced
          ? [{ type: 'setPosition' as const, node: offer.node, x: Math.round(at.x), y: Math.round(at.y) }]
          : []),
      ]);
      ui.select(offer.node);
      focusForm();
    },
    remove(ids) {
      const lost = losses(draftNow(), ids);
      if (lost.length === 0) removeNow(ids);
      else overlay.show({ kind: 'deletion', ids, losses: lost });
    },
    removeNow,
    duplicate: (ids) => insert(duplicate(draftNow(), ids)),
    copyText() {
      const fragment = fragmentOf(draftNow(), ui.getState().selection);
      return fragment === null ? null : fragmentText(fragment);
    },
    paste(text) {
      const read = readFragment(text);
      if (read.kind === 'refused') ui.toast('warning', read.reason);
      else insert(insertFragment(draftNow(), read.fragment));
    },
    group(ids) {
      const members = ids.filter((id) => {
        const node = parseNode(id);
        return node !== null && node.kind !== 'client' && node.kind !== 'endpoint';
      });
      if (members.length === 0) return;
      const groups = draftNow().layout?.groups ?? [];
      const id = freeId('group', groups);
      const others = groups.map((group) => ({
        ...group,
        members: group.members.filter((member) => !members.includes(member)),
      }));
      config.edit({ type: 'setGroups', groups: [...others, { id, name: 'Group', members }] });
      ui.select(formatMark({ kind: 'group', id }));
      focusForm();
    },
    addNote(at = { x: 0, y: -140 }) {
      const notes = draftNow().layout?.notes ?? [];
      const id = freeId('note', notes);
      const note = { id, text: '', x: Math.round(at.x), y: Math.round(at.y) };
      config.edit({ type: 'setNotes', notes: [...notes, note] });
      ui.select(formatMark({ kind: 'note', id }));
      focusForm();
    },
    apply() {
      // The field that is being typed in commits what it holds before the draft is sent.
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
      applying.request();
    },
  };
}
