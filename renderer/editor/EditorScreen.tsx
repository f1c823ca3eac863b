import { ReactFlowProvider } from '@xyflow/react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Canvas } from './canvas/Canvas';
import { useEditor } from './EditorContext';
import { EditorNotices } from './EditorNotices';
import { EditorToolbar } from './EditorToolbar';
import './cache.css';
import './editor.css';
import './marks.css';
import './tester.css';
import './traffic.css';
import { Announcer } from './Announcer';
import { Inspector } from './inspector/Inspector';
import { InspectorDivider } from './inspector/InspectorDivider';
import { WayNotice } from './WayNotice';
import { YamlPane } from './yaml/YamlPane';

/** The Routes screen: toolbar with the draft, canvas, inspector. */
export function EditorScreen() {
  const tools = useEditor();
  const view = useStore(tools.views, (state) => state.view);
  useEffect(() => {
    const stop = tools.tester.followDraft();
    return () => {
      stop();
      tools.tester.clear();
      tools.tester.close();
    };
  }, [tools]);
  useEffect(() => tools.traffic.watch(), [tools]);
  useEffect(
    () =>
      tools.ui.subscribe((now, before) => {
        if (now.selected !== before.selected && now.selected !== null) tools.tester.close();
      }),
    [tools],
  );
  return (
    <ReactFlowProvider>
      <div className="editor">
        <h1 className="visually-hidden">Routes</h1>
        <Announcer />
        <EditorToolbar />
        <div className={`editor-body editor-view-${view}`}>
          <div className="editor-main">
            {view !== 'yaml' && (
              <div className="editor-canvas">
                <Canvas />
                <WayNotice />
              </div>
            )}
            {view !== 'canvas' && <YamlPane />}
            <EditorNotices />
          </div>
          <InspectorDivider />
          <Inspector />
        </div>
      </div>
    </ReactFlowProvider>
  );
}
