// The small line of a card: the last minutes of a room, up to ten, with gaps where nothing came.

import type { Sample } from './series.js';

export const SPARK_SPAN_SECONDS = 600;

/** A page that has just begun shows less, at its full width. */
const LEAST_SPAN_SECONDS = 120;

/** The drawing is this wide and high, in its own units. */
export const SPARK_WIDTH = 200;
export const SPARK_HEIGHT = 40;

/** A line is at least this many °C high, so that noise does not look like weather. */
const LEAST_HEIGHT = 1;

const CELLS = 60;

/** The path of the temperature (SVG), from `now` backwards; empty where there is nothing to draw. */
export function sparkPath(samples: readonly Sample[], now: number, gapSeconds: number): string {
  const span = Math.min(SPARK_SPAN_SECONDS, Math.max(LEAST_SPAN_SECONDS, now - (samples[0]?.time ?? now)));
  const from = now - span;
  const points = thin(samples, from, span);
  const values = points.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const middle = (lowest + highest) / 2;
  const height = Math.max(LEAST_HEIGHT, highest - lowest) * 1.15;
  let previous = Number.NEGATIVE_INFINITY;
  return points
    .map(({ time, value }) => {
      const x = ((time - from) / span) * SPARK_WIDTH;
      const y = SPARK_HEIGHT * (0.5 - (value - middle) / height);
      const command = time - previous > Math.max(gapSeconds, (2 * span) / CELLS) ? 'M' : 'L';
      previous = time;
      return `${command}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** The last value of each of a few cells: a card is drawn often, and small. */
function thin(samples: readonly Sample[], from: number, span: number): { time: number; value: number }[] {
  const cells = new Map<number, { time: number; value: number }>();
  for (const { time, temperature: value } of samples) {
    if (value === undefined || time < from) continue;
    cells.set(Math.floor(((time - from) / span) * CELLS), { time, value });
  }
  return [...cells.values()];
}
