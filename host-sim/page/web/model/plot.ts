// Turns the samples of rooms into what the chart draws: one grid of times for all, means in its cells, gaps where nothing came.

import type { QuantityName, Sample } from './series.js';

/** What stands in a cell: a value; `null`, a gap; or `undefined`, nothing here, the line goes on. */
export type Cell = number | null | undefined;

export interface PlotRoom {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  readonly intervalSeconds: number;
}

export interface PlotLine {
  readonly cells: Cell[];
  /** Cells with a reading that had been buffered. */
  readonly backfilled: readonly number[];
  /** Cells that stand alone between gaps, where there is no line to be seen. */
  readonly alone: readonly number[];
}

export interface Plot {
  /** Middles of the cells, epoch seconds. */
  readonly times: number[];
  readonly lines: readonly PlotLine[];
}

/** More than this between two readings is a gap. */
const GAP_INTERVALS = 3;
const GAP_CELLS = 2;

/** @param resolution seconds from one sample to the next, where the recorder has thinned them; 0 where it has not */
export function plot(
  rooms: readonly PlotRoom[],
  quantity: QuantityName,
  range: { readonly from: number; readonly to: number },
  cellCount: number,
  resolution = 0,
): Plot {
  const width = (range.to - range.from) / cellCount;
  const times = Array.from({ length: cellCount }, (_, cell) => range.from + (cell + 0.5) * width);
  const lines = rooms.map((room) => {
    const gapSeconds = Math.max(GAP_INTERVALS * room.intervalSeconds, GAP_CELLS * width, GAP_CELLS * resolution);
    return line(room.samples, quantity, range.from, width, cellCount, gapSeconds);
  });
  return { times, lines };
}

function line(
  samples: readonly Sample[],
  quantity: QuantityName,
  from: number,
  width: number,
  cellCount: number,
  gapSeconds: number,
): PlotLine {
  const cells = Array<Cell>(cellCount).fill(undefined);
  const counts = new Uint32Array(cellCount);
  const backfilled = new Set<number>();
  /** The first and the last cell of each part between gaps. */
  const parts: { first: number; last: number }[] = [];
  let previous: { time: number; cell: number } | undefined;
  for (const sample of samples) {
    const value = sample[quantity];
    const cell = Math.floor((sample.time - from) / width);
    if (value === undefined || cell < 0 || cell >= cellCount) continue;
    const isGap = previous !== undefined && sample.time - previous.time > gapSeconds && cell > previous.cell + 1;
    if (previous && isGap) cells[previous.cell + 1] = null;
    if (!previous || isGap) parts.push({ first: cell, last: cell });
    else (parts.at(-1) as (typeof parts)[number]).last = cell;
    const count = counts[cell] as number;
    cells[cell] = ((cells[cell] ?? 0) * count + value) / (count + 1);
    counts[cell] = count + 1;
    if (sample.isBackfill) backfilled.add(cell);
    previous = { time: sample.time, cell };
  }
  const alone = parts.flatMap(({ first, last }) => (first === last ? first : []));
  return { cells, backfilled: [...backfilled], alone };
}

/** History and live samples as one, oldest first; of two at the same time the live one stays. */
export function merge(history: readonly Sample[], live: readonly Sample[]): Sample[] {
  const merged: Sample[] = [];
  let at = 0;
  for (const sample of live) {
    while (at < history.length && (history[at] as Sample).time < sample.time) merged.push(history[at++] as Sample);
    if (history[at]?.time === sample.time) at++;
    merged.push(sample);
  }
  merged.push(...history.slice(at));
  return merged;
}
