import { type CSSProperties, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Splitter } from '../../components/Splitter';
import { useResolvedTheme } from '../../components/useResolvedTheme';
import { flowRow } from '../../stores/flowRow';
import type { ShownFlow } from '../../stores/flowState';
import type { FlowsViewStore } from '../../stores/flowsViewStore';
import { mermaidOf, svgOf } from '../CopyDiagramMenu';
import type { ConfigPlace } from '../configPlaces';
import type { DiagramPicture } from '../DiagramFrame';
import { DiagramView } from '../DiagramView';
import { readDiagramColors } from '../diagramColors';
import type { Zoom } from '../diagramFrame/frameMessages';
import { type DiagramLevel, type DiagramSteps, diagramSteps } from '../diagramSteps';
import { sideBySide } from '../pictures';
import { paces } from '../playback';
import { StepPanel } from '../StepPanel';
import type { Step } from '../stepBuilder';
import { type Stepping, useStepping } from '../useStepping';
import { CompareHead } from './CompareHead';
import { CompareTable } from './CompareTable';
import type { ComparedFlow } from './comparedClocks';
import { compareFigures } from './compareFigures';
import { compareMarkdown } from './compareMarkdown';
import { lockstepOf, placeAt } from './lockstep';

const nothing = () => undefined;

/** Two flows on one time axis, stepped together, and what differs in figures. */
export function CompareView(props: {
  readonly a: ComparedFlow;
  readonly b: ComparedFlow;
  readonly view: FlowsViewStore;
  readonly onOpenPlace: (place: ConfigPlace) => void;
  readonly onSendBoth: (() => void) | null;
  readonly onClose: () => void;
}) {
  const { a, b, view, onOpenPlace } = props;
  const [level, setLevel] = useState<DiagramLevel>('messages');
  const [pace, setPace] = useState(paces[1]!);
  const [zoom, setZoom] = useState<Zoom>('fit');
  const [scale, setScale] = useState(1);
  const figuresShare = useStore(view, (state) => state.figuresShare);
  const theme = useResolvedTheme();
  const hasList = useStore(view, (state) => state.comparesWithList);
  const pictures = [useRef<DiagramPicture | null>(null), useRef<DiagramPicture | null>(null)] as const;
  const first = useMemo(() => diagramSteps(a.flow, a.events, { level, startedAt: a.startedAt }), [a, level]);
  const second = useMemo(() => diagramSteps(b.flow, b.events, { level, startedAt: b.startedAt }), [b, level]);
  const figures = useMemo(() => compareFigures(a, b), [a, b]);
  const moments = useMemo(
    () =>
      lockstepOf([
        { ...a, steps: first.steps },
        { ...b, steps: second.steps },
      ]),
    [a, b, first, second],
  );
  const subject = `${a.flow.id} ${b.flow.id}`;
  const stepping = useStepping(subject, moments, pace.pace, nothing);
  const moment = stepping.position === null ? null : (moments[stepping.position] ?? null);
  const markdown = () =>
    compareMarkdown(
      [
        { title: titleOf(a), text: mermaidOf(first).make() },
        { title: titleOf(b), text: mermaidOf(second).make() },
      ],
      figures,
    );
  const bothPictures = async () => {
    const [left, right] = await Promise.all([svgOf(pictures[0]), svgOf(pictures[1])]);
    const titled = [
      { title: `A ${titleOf(a)}`, svg: left },
      { title: `B ${titleOf(b)}`, svg: right },
    ];
    return sideBySide(titled, readDiagramColors(theme === 'dark').colors.text ?? 'black');
  };
  const shared = { level, zoom, moments, moment, stepping, subject, onOpenPlace };
  return (
    <section
      className="flow-detail compare"
      aria-label="Comparison"
      style={{ '--figures-share': `${figuresShare * 100}%` } as CSSProperties}
    >
      <CompareHead
        level={level}
        onLevel={setLevel}
        stepping={stepping}
        count={moments.length}
        at={moment?.at ?? null}
        pace={pace}
        onPace={setPace}
        scale={scale}
        zoom={zoom}
        onZoom={setZoom}
        copy={{
          name: `hopscope-flows-${a.flow.id}-${b.flow.id}-${level}`,
          text: { label: 'Markdown with Mermaid', ending: 'md', make: markdown },
          svg: bothPictures,
        }}
        hasList={hasList}
        onList={(comparesWithList) => view.change({ comparesWithList })}
        onSendBoth={props.onSendBoth}
        onClose={props.onClose}
      />
      <div className="compare-sides">
        <CompareSide
          name="A"
          shown={a}
          diagram={first}
          picture={pictures[0]}
          onScale={setScale}
          {...shared}
        />
        <CompareSide
          name="B"
          shown={b}
          diagram={second}
          picture={pictures[1]}
          onScale={nothing}
          {...shared}
        />
      </div>
      <Splitter
        label="Size of the figures"
        share={1 - figuresShare}
        direction="rows"
        least={0.3}
        onChange={(share) => view.change({ figuresShare: 1 - share })}
      />
      <CompareTable figures={figures} />
    </section>
  );
}

function titleOf({ flow }: ShownFlow): string {
  const { result, method, subject } = flowRow(flow);
  return [result, method, subject, `· ${flow.listener}`].filter((part) => part !== '').join(' ');
}

interface CompareSideProps {
  readonly name: 'A' | 'B';
  readonly shown: ComparedFlow;
  readonly diagram: DiagramSteps;
  readonly level: DiagramLevel;
  readonly zoom: Zoom;
  /** The steps of both, and the one where both stand; null = live. */
  readonly moments: readonly Step[];
  readonly moment: Step | null;
  readonly stepping: Stepping;
  readonly subject: string;
  readonly picture: { current: DiagramPicture | null };
  readonly onScale: (scale: number) => void;
  readonly onOpenPlace: (place: ConfigPlace) => void;
}

function CompareSide(props: CompareSideProps) {
  const { name, shown, diagram, moments, moment, stepping } = props;
  const { flow } = shown;
  const { result, method, subject } = flowRow(flow);
  const index = moment === null ? null : placeAt({ ...shown, steps: diagram.steps }, moment);
  const step = index === null ? undefined : diagram.steps[index];
  // The other side stands where it was.
  const isMoving = moment !== null && step?.key === moment.key;
  return (
    <section
      className={isMoving ? 'compare-side compare-side-moving' : 'compare-side'}
      aria-label={`Flow ${name}`}
    >
      <h3>
        <b className="compare-name">{name}</b> {result} {method} {subject}
        <span className="muted"> · {flow.listener}</span>
      </h3>
      <DiagramView
        diagram={diagram}
        subject={`${props.subject} ${name} ${props.level}`}
        position={index}
        zoom={props.zoom}
        onChoose={(chosen) => stepping.go(moments.findIndex(({ key }) => key === diagram.steps[chosen]?.key))}
        onKey={stepping.onKey}
        onScale={props.onScale}
        picture={props.picture}
      />
      {step === undefined ? (
        <p className="step-panel muted">
          {name === 'A' ? 'Step both with ← and →, play them with S, or click an arrow.' : clockWords(shown)}
        </p>
      ) : (
        <StepPanel
          step={step}
          side={name}
          flow={flow}
          startedAt={shown.startedAt}
          events={shown.events}
          isUnfolded={false}
          onFold={nothing}
          onOpenPlace={props.onOpenPlace}
        />
      )}
    </section>
  );
}

function clockWords({ flow, startedAt }: ComparedFlow): string {
  return startedAt === flow.openedAt && flow.kind === 'http'
    ? 'Both clocks begin when their flow began.'
    : 'Both clocks begin when the client connected.';
}
