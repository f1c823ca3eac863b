import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { routeFace } from '../nodeFaces';
import { useReorder } from '../useReorder';
import { OrderGrip } from './OrderGrip';

/** The routes of the workspace, or of one listener, in the order that decides between equals. */
export function RouteOrder({ listener }: { readonly listener?: string }) {
  const { config, ui } = useEditor();
  const all = useStore(config, (state) => state.draft.document.routes ?? noRoutes);
  const routes = listener === undefined ? all : all.filter((route) => route.listeners.includes(listener));
  const reorder = useReorder({
    scope: `routes ${listener ?? ''}`,
    count: routes.length,
    words: (index) => `route ${routes[index]?.name ?? routes[index]?.id}`,
    onMove: (from, to) => {
      const [moved, place] = [routes[from], routes[to]];
      if (moved === undefined || place === undefined) return;
      config.edit({ type: 'moveRoute', id: moved.id, to: all.indexOf(place) });
    },
  });
  if (routes.length < 2) return null;
  return (
    <Section title="Order of routes" summary="the first wins a tie">
      <p className="field-help">
        The more specific host and path win wherever they stand; between equals the upper one.
      </p>
      <ol className="order-list" data-order-list>
        {routes.map((route, index) => (
          <li key={route.id} className="order-item" {...reorder.dropOf(index)}>
            <OrderGrip reorder={reorder} index={index} />
            <button type="button" className="order-open" onClick={() => ui.reveal(`route:${route.id}`)}>
              <span>{route.name ?? route.id}</span>
              <span className="order-words">{routeFace(route).lines[0]}</span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  );
}

const noRoutes: readonly RouteDocument[] = [];
