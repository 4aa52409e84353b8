// The trend of a room: along the straight line that fits its last readings best.

import type { QuantityName, Sample } from './series.js';

/** The trend is taken over the last ten minutes. */
export const TREND_SPAN_SECONDS = 600;

/** Less than this says nothing about a trend. */
const LEAST_SECONDS = 60;
const LEAST_SAMPLES = 4;

/**
 * By how much the quantity changed over the span that `samples` cover; `undefined` where they are too few or too close together.
 */
export function trendOf(samples: readonly Sample[], quantity: QuantityName): number | undefined {
  const points = samples.flatMap(({ time, [quantity]: value }) => (value === undefined ? [] : { time, value }));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < LEAST_SAMPLES || last.time - first.time < LEAST_SECONDS) return undefined;
  const meanTime = points.reduce((sum, { time }) => sum + time, 0) / points.length;
  const meanValue = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const { time, value } of points) {
    covariance += (time - meanTime) * (value - meanValue);
    variance += (time - meanTime) ** 2;
  }
  return (covariance / variance) * (last.time - first.time);
}
