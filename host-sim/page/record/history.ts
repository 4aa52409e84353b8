// Readings of a period for a chart: down-sampled to what a chart can show, with the gaps left as gaps.

import { setImmediate } from 'node:timers/promises';
import { SILENT_AFTER_INTERVALS } from '../../means.js';
import type { History, HistorySeries } from '../api.js';
import type { Store, StoredPoint } from './store.js';

export interface HistoryRequest {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly rooms: readonly string[];
  /** Points of each room, about. */
  readonly points: number;
}

export const POINTS_MAXIMUM = 2_000;
export const POINTS_USUAL = 720;

/** Rooms in one answer: more lines than this nobody tells apart. */
const SERIES_MAXIMUM = 100;

/** Buckets begin at multiples of these, so that a chart that moves on keeps its points. */
const BUCKETS_SECONDS = [2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];

/** Values of one measurement that come on two topics arrive within this time. */
const SAME_MEASUREMENT_SECONDS = 0.5;

/** What is read at once: longer periods in turns, between which stations and pages are served. */
const SLICE_SECONDS = 43_200;

/** @param intervalOf seconds between the readings of a room */
export async function readHistory(store: Store, request: HistoryRequest, intervalOf: (room: string) => number): Promise<History> {
  const { from, to, rooms, points } = request;
  const shown = rooms.slice(0, SERIES_MAXIMUM);
  const bucketSeconds = chooseBucket((to - from) / points, Math.min(...shown.map(intervalOf)));
  const series: HistorySeries[] = [];
  for (const room of shown) {
    const read = await readSlices(store, room, from, to, bucketSeconds);
    const gapSeconds = SILENT_AFTER_INTERVALS * Math.max(intervalOf(room), bucketSeconds);
    series.push(seriesOf(room, markGaps(joinQuantities(read), gapSeconds), bucketSeconds > 0));
  }
  return { from, to, bucketSeconds, series, omittedRooms: rooms.length - shown.length };
}

/** The smallest bucket of at least `seconds`; 0 where single readings are no more points than that. */
function chooseBucket(seconds: number, intervalSeconds: number): number {
  if (seconds <= intervalSeconds) return 0;
  return BUCKETS_SECONDS.find((bucket) => bucket >= seconds) ?? (BUCKETS_SECONDS.at(-1) as number);
}

async function readSlices(store: Store, room: string, from: number, to: number, bucketSeconds: number): Promise<StoredPoint[]> {
  // A slice ends where a bucket ends.
  const step = Math.max(SLICE_SECONDS, bucketSeconds);
  const points: StoredPoint[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / step) + 1) * step);
    points.push(...store.points(room, start, end, bucketSeconds));
    start = end;
    await setImmediate();
  }
  return points;
}

/** Values of one measurement that came on two topics become one point. */
function joinQuantities(read: readonly StoredPoint[]): StoredPoint[] {
  const points: StoredPoint[] = [];
  for (const point of read) {
    const before = points.at(-1);
    const joined = before && point.time - before.time < SAME_MEASUREMENT_SECONDS ? join(before, point) : undefined;
    if (joined) points[points.length - 1] = joined;
    else points.push(point);
  }
  return points;
}

/** `undefined` where both hold the same quantity. */
function join(first: StoredPoint, second: StoredPoint): StoredPoint | undefined {
  if (first.humidity === null && second.temperature === null) {
    const { humidity, humidityMinimum, humidityMaximum } = second;
    return { ...first, humidity, humidityMinimum, humidityMaximum };
  }
  return first.temperature === null && second.humidity === null ? join({ ...second, time: first.time }, { ...first }) : undefined;
}

/** A point without values stands where nothing was measured for more than `gapSeconds`. */
function markGaps(points: readonly StoredPoint[], gapSeconds: number): StoredPoint[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const isGap = before !== undefined && point.time - before.time > gapSeconds;
    return isGap ? [{ ...NOTHING, time: (before.time + point.time) / 2 }, point] : [point];
  });
}

function seriesOf(room: string, points: readonly StoredPoint[], hasSpread: boolean): HistorySeries {
  const column = <Name extends keyof StoredPoint>(name: Name) => points.map((point) => point[name]);
  return {
    room,
    times: column('time'),
    temperature: column('temperature'),
    humidity: column('humidity'),
    ...(hasSpread && {
      spread: {
        temperatureMinimum: column('temperatureMinimum'),
        temperatureMaximum: column('temperatureMaximum'),
        humidityMinimum: column('humidityMinimum'),
        humidityMaximum: column('humidityMaximum'),
      },
    }),
    backfilled: column('late'),
  };
}

const NOTHING: Omit<StoredPoint, 'time'> = {
  temperature: null,
  temperatureMinimum: null,
  temperatureMaximum: null,
  humidity: null,
  humidityMinimum: null,
  humidityMaximum: null,
  late: 0,
};
