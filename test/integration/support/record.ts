// What is recorded of a room while it runs, as plain data: the checkers judge this and nothing else.

import type { Packet } from 'mqtt-packet';
import { Climate, type ClimateSample } from '../../../firmware/platform/simulated/climate.js';
import type { LinkFailure } from '../../../firmware/station/station.js';

/** A packet as the proxy saw it. Those of the station count when they come, those of the broker when they go on to the station. */
export interface WirePacket {
  /** Counts the connections of the station, from 1. */
  readonly connection: number;
  readonly direction: 'to-broker' | 'to-station';
  /** Milliseconds of `performance.now()`, like all times that end in `AtMs`. */
  readonly atMs: number;
  readonly bytes: Buffer;
  /** The same as an independent implementation reads it. */
  readonly packet: Packet;
  /** Whether all of it went on to the other side. */
  readonly isForwarded: boolean;
}

/** A message as `mosquitto_sub` printed it. */
export interface HeardMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  /** It came out of the broker's memory, and not from the station just now. */
  readonly isRetained: boolean;
}

export interface Measured {
  readonly seq: number;
  readonly atMs: number;
}

export type LinkEvent =
  | { readonly state: 'up'; readonly atMs: number }
  | { readonly state: 'down'; readonly atMs: number; readonly failure: LinkFailure };

export interface RoomRecord {
  readonly room: string;
  readonly seed: number;
  /** 12 hex digits. */
  readonly station: string;
  readonly boot: number;
  readonly mqtt: '5' | '3.1.1';
  readonly intervalSeconds: number;
  /** Most messages in flight. */
  readonly window: number;
  readonly startedAtMs: number;
  readonly startedAtEpochSeconds: number;
  /** When measuring was stopped. */
  readonly stoppedAtMs: number;
  readonly measured: readonly Measured[];
  readonly links: readonly LinkEvent[];
  readonly wire: readonly WirePacket[];
  /** What the proxy could not read as MQTT. */
  readonly malformed: readonly string[];
  readonly heard: readonly HeardMessage[];
  /** What the broker retained of this room at the end. */
  readonly retained: readonly HeardMessage[];
}

/** Nothing is asked of a sensor in its first second. */
const FIRST_READING_SECONDS = 1;

/** Seconds from the start of the station to the measurement of reading `seq`. */
export function measuredAtSeconds(record: Pick<RoomRecord, 'intervalSeconds'>, seq: number): number {
  return FIRST_READING_SECONDS + seq * record.intervalSeconds;
}

/** What the seed says that the sensor measured. */
export function expectedSample(record: Pick<RoomRecord, 'seed' | 'room' | 'intervalSeconds'>, seq: number): ClimateSample {
  return new Climate(record.seed, record.room).at(measuredAtSeconds(record, seq));
}

/** The last level of a topic: `temperature`, `readings`, `status` … */
export function kindOf(topic: string): string {
  return topic.slice(topic.lastIndexOf('/') + 1);
}
