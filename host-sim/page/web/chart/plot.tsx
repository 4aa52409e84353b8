// One quantity of the chosen rooms as lines over time: uPlot on a canvas, redrawn no more often than the eye needs.

import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { merge, plot } from '../model/plot.js';
import type { Room } from '../model/room.js';
import type { QuantityName, Sample } from '../model/series.js';
import { theme } from '../parts/theme.js';
import { language, words } from '../words/words.js';
import type { ChartHistory } from './history-loader.js';
import { library, loadLibrary } from './library.js';
import { type MarkedCells, plotOptions } from './plot-options.js';
import { hold, type Period } from './range.js';

interface Props {
  readonly quantity: QuantityName;
  readonly rooms: readonly Room[];
  readonly period: Period;
  readonly history: ChartHistory;
  readonly isSmall: boolean;
  onCursor(time: number | undefined): void;
}

const CELLS = 600;

/** Drawing may take this part of the time. */
const SHARE_OF_TIME = 1 / 30;

const REDRAW_MS = 500;

export function Plot({ quantity, rooms, period, history, isSmall, onCursor }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  const names = rooms.map(({ name }) => name).join('\n');

  useEffect(() => {
    const Chart = library.value;
    if (!Chart) return;
    const element = place.current as HTMLDivElement;
    const height = () => element.clientHeight;
    const options = plotOptions({ quantity, rooms, words: words.peek(), onCursor, onZoom: hold });
    const chart = new Chart({ ...options, width: element.clientWidth, height: height() }, [[]], element);
    drawing.current = { chart, drawnAtMs: 0, costMs: 0, period: undefined, marked: options.marked };
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: height() }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      drawing.current = undefined;
    };
  }, [names, quantity, theme.value, language.value, isSmall, library.value]);

  useEffect(() => {
    if (drawing.current) draw(drawing.current, rooms, quantity, period, history);
    else void loadLibrary();
  });

  return <div class={`plot ${isSmall ? 'is-small' : ''}`} ref={place} data-quantity={quantity} />;
}

interface Drawing {
  readonly chart: uPlot;
  /** Cells that are drawn as rings or dots, for each line. */
  readonly marked: MarkedCells[];
  drawnAtMs: number;
  costMs: number;
  period: { readonly from: number; readonly span: number; readonly history: ChartHistory } | undefined;
}

function draw(drawing: Drawing, rooms: readonly Room[], quantity: QuantityName, period: Period, history: ChartHistory): void {
  const startMs = performance.now();
  const span = period.to - period.from;
  const isLive = drawing.period !== undefined && Math.abs(drawing.period.span - span) < 1 && drawing.period.history === history;
  const pauseMs = Math.max(REDRAW_MS, (span / CELLS) * 1000, drawing.costMs / SHARE_OF_TIME);
  if (isLive && startMs - drawing.drawnAtMs < pauseMs) return;
  const { times, lines } = plot(
    rooms.map((room) => ({ samples: samplesOf(room, period, history), intervalSeconds: room.intervalSeconds })),
    quantity,
    period,
    CELLS,
    history.resolution,
  );
  drawing.marked.splice(0, drawing.marked.length, ...lines);
  drawing.chart.setData([times, ...lines.map(({ cells }) => cells)] as uPlot.AlignedData);
  drawing.drawnAtMs = performance.now();
  drawing.costMs = drawing.drawnAtMs - startMs;
  drawing.period = { from: period.from, span, history };
}

function samplesOf(room: Room, { from }: Period, { samples }: ChartHistory): Sample[] {
  return merge(samples.get(room.name) ?? [], room.series.since(from));
}
