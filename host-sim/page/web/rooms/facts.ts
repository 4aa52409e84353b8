// What a card shows of a room at one moment, as plain values: a card with the same facts is not drawn again.

import type { Room, RoomState } from '../model/room.js';
import { SPARK_SPAN_SECONDS, sparkPath } from '../model/sparkline.js';

export interface Facts {
  readonly name: string;
  readonly colour: number;
  readonly state: RoomState;
  readonly temperature: number | undefined;
  readonly humidity: number | undefined;
  /** Whole seconds. */
  readonly age: number | undefined;
  readonly trend: number | undefined;
  readonly meanTemperature: number | null;
  readonly meanHumidity: number | null;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly minimumHumidity: number | undefined;
  readonly maximumHumidity: number | undefined;
  readonly buffered: number;
  readonly sensorErrors: number;
  readonly sensorFault: string | undefined;
  /** dBm. */
  readonly rssi: number | undefined;
  readonly isWifiCut: boolean;
  /** There is a virtual board behind it: however it is cut off, it is not gone. */
  readonly isVirtual: boolean;
  /** One text for all: `kind other` in each line. */
  readonly warnings: string;
  readonly spark: string;
}

/** The line of a card moves on once in so many seconds. */
const SPARK_STEP_SECONDS = 5;

export function factsOf(room: Room, now: number): Facts {
  const { newest } = room.series;
  const age = room.ageSeconds(now);
  const sparkNow = Math.ceil(now / SPARK_STEP_SECONDS) * SPARK_STEP_SECONDS;
  return {
    name: room.name,
    colour: room.colour,
    state: room.state(now),
    temperature: newest?.temperature,
    humidity: newest?.humidity,
    age: age === undefined ? undefined : Math.floor(age),
    trend: room.trend('temperature', sparkNow),
    meanTemperature: room.mean.temperature,
    meanHumidity: room.mean.humidity,
    minimum: room.day.temperature?.minimum,
    maximum: room.day.temperature?.maximum,
    minimumHumidity: room.day.humidity?.minimum,
    maximumHumidity: room.day.humidity?.maximum,
    buffered: room.buffered,
    sensorErrors: room.sensorErrors,
    sensorFault: room.diagnostics?.sensorFault ?? (room.virtual?.isSensorPlugged === false ? 'no-response' : undefined),
    rssi: room.diagnostics?.rssi,
    isWifiCut: room.virtual?.link === 'wifi-cut',
    isVirtual: room.virtual !== undefined,
    warnings: room.warnings.map(({ kind, other }) => `${kind} ${other}`).join('\n'),
    spark: sparkPath(room.series.since(sparkNow - SPARK_SPAN_SECONDS), sparkNow, 3 * room.intervalSeconds),
  };
}

export function areEqual(left: Facts, right: Facts): boolean {
  return (Object.keys(left) as (keyof Facts)[]).every((key) => left[key] === right[key]);
}
