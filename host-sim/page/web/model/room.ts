// One room as the page knows it: its readings, what its station says of itself, and how far both can be trusted now.

import type { MinMax, RecordedReading, RoomState as RecordedRoom, RoomWarning, Values, VirtualRoom } from '../../api.js';
import type { Diagnostics, Info } from './contract.js';
import { type QuantityName, Series } from './series.js';
import { TREND_SPAN_SECONDS, trendOf } from './trend.js';

/**
 * `online`: its newest value is fresh. `late`: a reading is overdue. `silent`: none for more than three intervals. `sensor`: the station
 * is there and says that its sensor gives nothing. `offline`: its status says so. `waiting`: nothing was measured yet.
 */
export type RoomState = 'online' | 'late' | 'silent' | 'sensor' | 'offline' | 'waiting';

/** A reading is overdue after this many intervals, and the room is silent after that many. */
const LATE_AFTER_INTERVALS = 1.5;
const SILENT_AFTER_INTERVALS = 3;

/** The network's, the recorder's and the browser's share of a delay. */
const TRANSIT_SECONDS = 1.5;

const NOTHING: Values = { temperature: null, humidity: null };

/** Colours that tell rooms apart; with more rooms they come again. */
const COLOURS = 10;

export class Room {
  readonly name: string;
  /** 0 to 9: which colour the room has everywhere on the page. */
  readonly colour: number;
  readonly series = new Series();
  status: 'online' | 'offline' | undefined;
  info: Info | undefined;
  diagnostics: Diagnostics | undefined;
  /** The virtual board behind the room, where there is one on this computer. */
  virtual: VirtualRoom | undefined;
  mean: Values = NOTHING;
  day: Readonly<Record<QuantityName, MinMax | null>> = { temperature: null, humidity: null };
  warnings: readonly RoomWarning[] = [];
  #intervalSeconds: number;

  /** @param index how many rooms there were before it */
  constructor(name: string, index: number, intervalSeconds: number) {
    this.name = name;
    this.colour = index % COLOURS;
    this.#intervalSeconds = intervalSeconds;
  }

  get intervalSeconds(): number {
    return this.info?.intervalSeconds ?? this.#intervalSeconds;
  }

  /** Readings that wait in the station, as far as it has said so. */
  get buffered(): number {
    return this.virtual?.buffered ?? this.diagnostics?.buffered ?? 0;
  }

  /** Failed reads of the sensor. */
  get sensorErrors(): number {
    return Math.max(this.virtual?.sensorFaults ?? 0, this.diagnostics?.sensorErrors ?? 0);
  }

  /** What the recorder says of the room. */
  takeRecord({ newest, mean, intervalSeconds, day, warnings }: RecordedRoom): void {
    this.#intervalSeconds = intervalSeconds;
    this.mean = mean ?? NOTHING;
    this.day = day;
    this.warnings = warnings;
    if (newest && newest.time > (this.series.newest?.time ?? 0)) this.addReading({ ...newest, isBackfilled: false });
  }

  addReading({
    time,
    temperature,
    humidity,
    isBackfilled,
  }: Pick<RecordedReading, 'time' | 'temperature' | 'humidity' | 'isBackfilled'>): void {
    // Values without an identity come one quantity at a time: what is known of this moment stays.
    const known = this.series.at(time);
    this.series.add({
      time,
      temperature: temperature ?? known?.temperature,
      humidity: humidity ?? known?.humidity,
      isBackfill: isBackfilled,
    });
  }

  /** Seconds since its newest reading was measured; `undefined` where there is none. */
  ageSeconds(now: number): number | undefined {
    const { newest } = this.series;
    return newest && Math.max(0, now - newest.time);
  }

  state(now: number): RoomState {
    const age = this.ageSeconds(now);
    const interval = this.intervalSeconds;
    if (this.status === 'offline') return 'offline';
    const isSensorDead = this.diagnostics?.sensorFault !== undefined || this.virtual?.isSensorPlugged === false;
    if (age === undefined) return isSensorDead ? 'sensor' : 'waiting';
    if (age <= LATE_AFTER_INTERVALS * interval + TRANSIT_SECONDS) return 'online';
    if (isSensorDead) return 'sensor';
    return age <= SILENT_AFTER_INTERVALS * interval + TRANSIT_SECONDS ? 'late' : 'silent';
  }

  trend(quantity: QuantityName, now: number): number | undefined {
    return trendOf(this.series.since(now - TREND_SPAN_SECONDS), quantity);
  }
}
