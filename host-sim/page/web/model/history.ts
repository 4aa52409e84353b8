// The recorder's columns as samples.

import type { HistorySeries } from '../../api.js';
import type { Sample } from './series.js';

/** The points with a value; what marks a gap is left out, as the chart finds gaps itself. */
export function samplesOf({ times, temperature, humidity, backfilled }: HistorySeries): Sample[] {
  return times.flatMap((time, index) => {
    const sample = {
      time,
      temperature: temperature[index] ?? undefined,
      humidity: humidity[index] ?? undefined,
      isBackfill: backfilled[index] === 1,
    };
    return sample.temperature === undefined && sample.humidity === undefined ? [] : [sample];
  });
}
