import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Notice } from '../components/Notice';
import { useResolvedTheme } from '../components/useResolvedTheme';
import { readDiagramColors } from './diagramColors';
import { DiagramDriver, diagramFrameUrl } from './diagramDriver';
import type { Zoom } from './diagramFrame/frameMessages';

export interface DiagramFrameProps {
  readonly text: string;
  readonly rowCount: number;
  readonly subject: string;
  /** The row to mark; null or -1 = none. */
  readonly row: number | null;
  readonly zoom: Zoom;
  readonly isFollowing: boolean;
  readonly onRow: (row: number) => void;
  readonly onKey: (key: string) => void;
  readonly onScale: (scale: number) => void;
  /** Filled with the way to the drawing as a picture. */
  readonly picture?: { current: DiagramPicture | null };
}

export interface DiagramPicture {
  /** An SVG document of what is drawn now. */
  svg(): Promise<string>;
}

/** The sandboxed drawing. When it cannot be drawn, its text is shown with the reason. */
export function DiagramFrame(props: DiagramFrameProps) {
  const { text, rowCount, subject, row, zoom, isFollowing } = props;
  const container = useRef<HTMLDivElement>(null);
  const driver = useRef<DiagramDriver | null>(null);
  const [failure, setFailure] = useState<{ readonly message: string; readonly text: string } | null>(null);
  const theme = useResolvedTheme();
  const onRow = useEffectEvent(props.onRow);
  const onKey = useEffectEvent(props.onKey);
  const onScale = useEffectEvent(props.onScale);
  const firstProps = useRef(props);

  useEffect(() => {
    const url = diagramFrameUrl();
    if (container.current === null) return;
    if (url === null) {
      setFailure({ message: 'this page does not know where its diagram frame is', text: '' });
      return;
    }
    driver.current = new DiagramDriver(container.current, url, {
      onDrawn: () => setFailure(null),
      onFailed: (drawing, message) => setFailure({ message, text: drawing.text }),
      onRow: (chosen) => onRow(chosen),
      onKey: (key) => onKey(key),
      onScale: (scale) => onScale(scale),
    });
    const { picture } = firstProps.current;
    const made = driver.current;
    if (picture !== undefined) picture.current = { svg: () => made.exportSvg() };
    return () => {
      made.close();
      driver.current = null;
      if (picture !== undefined) picture.current = null;
    };
  }, []);
  useEffect(() => driver.current?.setColors(readDiagramColors(theme === 'dark')), [theme]);
  useEffect(() => driver.current?.setZoom(zoom), [zoom]);
  useEffect(() => {
    driver.current?.draw({ text, rowCount, subject, isFollowing });
    driver.current?.mark(row === -1 ? null : row);
  }, [text, rowCount, subject, row, isFollowing]);

  return (
    <div className="diagram-stage">
      <div ref={container} className="diagram-frames" />
      {failure !== null && (
        <div className="diagram-failure">
          <Notice tone="danger" isLive>
            This diagram could not be drawn: {failure.message}
          </Notice>
          <pre>{failure.text === '' ? text : failure.text}</pre>
        </div>
      )}
    </div>
  );
}
