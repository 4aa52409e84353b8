// The values of the chosen rooms at the cursor; without a cursor, the newest.

import { merge } from '../model/plot.js';
import type { Room } from '../model/room.js';
import type { Sample } from '../model/series.js';
import { words } from '../words/words.js';
import type { ChartHistory } from './history-loader.js';

interface Props {
  readonly rooms: readonly Room[];
  /** Epoch seconds. */
  readonly time: number | undefined;
  readonly history: ChartHistory;
}

/** Rows that are shown; more would not be read. */
const ROWS_MAXIMUM = 40;

export function CursorTable({ rooms, time, history }: Props) {
  const { chart, format } = words.value;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{time === undefined ? chart.newest : format.clock(time)}</th>
            <th scope="col">{chart.quantities.temperature}</th>
            <th scope="col">{chart.quantities.humidity}</th>
            <th scope="col">{chart.measuredAt}</th>
          </tr>
        </thead>
        <tbody>
          {rooms.slice(0, ROWS_MAXIMUM).map((room) => {
            const sample = time === undefined ? room.series.newest : sampleAt(room, time, history);
            return (
              <tr key={room.name} class={`colour-${room.colour}`}>
                <th scope="row">
                  <span class="swatch" aria-hidden="true" />
                  <bdi>{room.name}</bdi>
                </th>
                <td>{sample?.temperature === undefined ? '–' : `${format.decimal(sample.temperature)} °C`}</td>
                <td>{sample?.humidity === undefined ? '–' : `${format.decimal(sample.humidity)} %`}</td>
                <td>
                  {sample ? format.clock(sample.time) : '–'}
                  {sample?.isBackfill && <span class="ring" role="img" aria-label={chart.backfilled(1)} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The sample nearest to `time`, where it is near enough to speak of that moment. */
function sampleAt(room: Room, time: number, { samples, resolution }: ChartHistory): Sample | undefined {
  const reach = Math.max(1.5 * room.intervalSeconds, resolution);
  const around = merge(samples.get(room.name) ?? [], room.series.since(time - reach));
  let nearest: Sample | undefined;
  for (const sample of around) {
    const distance = Math.abs(sample.time - time);
    if (distance <= reach && (!nearest || distance < Math.abs(nearest.time - time))) nearest = sample;
  }
  return nearest;
}
