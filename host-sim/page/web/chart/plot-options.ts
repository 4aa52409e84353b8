// How uPlot draws a quantity: the page's colours and letters, lines with gaps, rings where readings had been buffered, dots where
// they stand alone.

import type uPlot from 'uplot';
import type { PlotLine } from '../model/plot.js';
import type { Room } from '../model/room.js';
import type { QuantityName } from '../model/series.js';
import type { Words } from '../words/words.js';
import type { Period } from './range.js';

interface Asked {
  readonly quantity: QuantityName;
  readonly rooms: readonly Room[];
  readonly words: Words;
  onCursor(time: number | undefined): void;
  onZoom(period: Period): void;
}

/** The least height of the scale: a steady room is a steady line. */
const LEAST_SPAN: Readonly<Record<QuantityName, number>> = { temperature: 2, humidity: 6 };

const RING_RADIUS = 3.2;
const DOT_RADIUS = 2.4;
const LINE_WIDTH = 2;

export type MarkedCells = Pick<PlotLine, 'backfilled' | 'alone'>;

type PlotOptions = Omit<uPlot.Options, 'width' | 'height'> & { readonly marked: MarkedCells[] };

export function plotOptions({ quantity, rooms, words, onCursor, onZoom }: Asked): PlotOptions {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `13px ${colour('--letters')}`;
  const axis = { stroke: colour('--ink-soft'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const colours = rooms.map((room) => colour(`--room-${room.colour}`));
  const marked: MarkedCells[] = [];
  return {
    marked,
    pxAlign: 0,
    legend: { show: false },
    cursor: {
      sync: { key: 'chart', setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 9, width: 2 },
    },
    scales: {
      x: { time: true },
      y: {
        range: (_chart, low, high) => scaleOf(low, high, LEAST_SPAN[quantity]),
      },
    },
    axes: [
      // A time with seconds has eight characters: ticks stand so far apart that two never touch.
      { ...axis, gap: 8, space: 90, values: (_chart, times) => timeLabels(times, words) },
      {
        ...axis,
        gap: 6,
        size: 62,
        values: (_chart, values) =>
          values.map((value) =>
            value === null ? '' : `${trim(words.format.decimal(value))} ${quantity === 'temperature' ? '°C' : '%'}`,
          ),
      },
    ],
    series: [
      {},
      ...rooms.map(({ name }, index) => ({
        label: name,
        stroke: colours[index] as string,
        width: LINE_WIDTH,
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [(chart) => drawMarks(chart, marked, colours, colour('--card'))],
      setCursor: [
        ({ cursor, posToVal }) => {
          onCursor(cursor.left === undefined || cursor.left < 0 ? undefined : posToVal(cursor.left, 'x'));
        },
      ],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          onZoom({ from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') });
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Where nothing is drawn uPlot gives no bounds. */
function scaleOf(low: number | null, high: number | null, leastSpan: number): [number, number] {
  if (low === null || high === null) return [0, leastSpan];
  const middle = (low + high) / 2;
  const half = (Math.max(high - low, leastSpan) / 2) * 1.1;
  return [middle - half, middle + half];
}

function trim(decimal: string): string {
  return decimal.replace(/[.,]0$/, '');
}

/** Days where the labels are days apart, seconds where they are seconds apart. */
function timeLabels(times: readonly number[], { format }: Words): string[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  return times.map((time) => {
    if (step >= 86_400) return format.day(time);
    return step >= 60 ? format.minute(time) : format.clock(time);
  });
}

function drawMarks(chart: uPlot, marked: readonly MarkedCells[], colours: readonly string[], inside: string): void {
  const { ctx } = chart;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const [line, { backfilled, alone }] of marked.entries()) {
    const colour = colours[line] ?? inside;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    for (const cell of alone) drawMark(chart, line, cell, DOT_RADIUS);
    ctx.fillStyle = inside;
    for (const cell of backfilled) drawMark(chart, line, cell, RING_RADIUS);
  }
  ctx.restore();
}

function drawMark({ ctx, data, valToPos }: uPlot, line: number, cell: number, radius: number): void {
  const [time, value] = [data[0][cell], data[line + 1]?.[cell]];
  if (time === undefined || value === null || value === undefined) return;
  ctx.beginPath();
  ctx.arc(valToPos(time, 'x', true), valToPos(value, 'y', true), radius * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}
