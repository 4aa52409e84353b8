// How uPlot draws a quantity: the page's colours and letters, lines with gaps, rings where readings had been buffered.

import type uPlot from 'uplot';
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
const LINE_WIDTH = 2;

type PlotOptions = Omit<uPlot.Options, 'width' | 'height'> & { readonly backfilled: (readonly number[])[] };

export function plotOptions({ quantity, rooms, words, onCursor, onZoom }: Asked): PlotOptions {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `13px ${colour('--letters')}`;
  const axis = { stroke: colour('--ink-soft'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const colours = rooms.map((room) => colour(`--room-${room.colour}`));
  const backfilled: (readonly number[])[] = [];
  return {
    backfilled,
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
      draw: [(chart) => drawRings(chart, backfilled, colours, colour('--card'))],
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

function drawRings(chart: uPlot, backfilled: readonly (readonly number[])[], colours: readonly string[], fill: string): void {
  const { ctx } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = fill;
  ctx.lineWidth = 1.5 * ratio;
  for (const [line, cells] of backfilled.entries()) {
    const [times, values] = [chart.data[0], chart.data[line + 1]];
    ctx.strokeStyle = colours[line] ?? fill;
    for (const cell of cells) {
      const value = values?.[cell];
      if (value === null || value === undefined) continue;
      ctx.beginPath();
      ctx.arc(
        chart.valToPos(times[cell] as number, 'x', true),
        chart.valToPos(value, 'y', true),
        RING_RADIUS * ratio,
        0,
        2 * Math.PI,
      );
      ctx.fill();
      ctx.stroke();
    }
  }
  ctx.restore();
}
