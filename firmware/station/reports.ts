// What a station says of itself: who it is at each connection (`info`), and how it fares each minute (`diagnostics`).

import { MQTT_5, type ProtocolLevel } from '../mqtt/protocol.js';
import { encodeUtf8 } from '../mqtt/utf8.js';
import { SENSOR_FAULT_CLASSES, type SensorTrouble } from './sampler.js';
import type { Settings } from './settings.js';

/** Who this station is. */
export interface Identity {
  /** 12 lower-case hex digits: the MAC address, or what stands for it. */
  readonly station: string;
  /** What it runs on, for people: `nodemcu`, `simulator` … */
  readonly board: string;
  /** Version of this firmware. */
  readonly firmware: string;
  /** Model of the sensor. */
  readonly sensor: string;
}

/** How a station fares. All counts are since its start. */
export interface Diagnostics {
  readonly uptimeSeconds: number;
  /** Readings that wait for an acknowledgement. */
  readonly buffered: number;
  /** Readings lost because the spool was full, or because the broker would not take them. */
  readonly dropped: number;
  readonly reconnects: number;
  /** Received messages that were too long to be looked at. */
  readonly oversized: number;
  readonly protocolLevel: ProtocolLevel;
  /** Messages that the broker refused, and why it refused the last one (MQTT 5 §2.4). */
  readonly refused: number;
  readonly refusalCode: number;
  /** Failed reads for each of `SENSOR_FAULT_CLASSES`. */
  readonly faultCounts: Uint32Array;
  readonly trouble: SensorTrouble | undefined;
  /** Epoch seconds at uptime 0, or `undefined` while the time is not known. */
  readonly clockOffsetSeconds: number | undefined;
}

/** The payload of `info`: JSON as UTF-8. */
export function encodeInfo({ station, board, firmware, sensor }: Identity, { interval }: Settings, address: string): Uint8Array {
  return encodeUtf8(JSON.stringify({ station, board, firmware, sensor, interval, address }));
}

/**
 * The payload of `diagnostics`: JSON as UTF-8, with the classes of sensor errors that occurred, and refusals where there were any. `sensor` is `null` while the sensor
 * gives readings; else it says why not and since when: `since` as UTC epoch seconds, or `sinceUptime` where the time is not known.
 */
export function encodeDiagnostics(diagnostics: Diagnostics): Uint8Array {
  const { uptimeSeconds: uptime, buffered, dropped, reconnects, oversized, faultCounts } = diagnostics;
  const mqtt = diagnostics.protocolLevel === MQTT_5 ? '5' : '3.1.1';
  const { refused: count, refusalCode: code } = diagnostics;
  const sensorErrors: Record<string, number> = {};
  SENSOR_FAULT_CLASSES.forEach((fault, index) => {
    const count = faultCounts[index] as number;
    if (count > 0) sensorErrors[fault] = count;
  });
  const sensor = describeTrouble(diagnostics);
  const refused = count === 0 ? undefined : { count, code };
  return encodeUtf8(JSON.stringify({ uptime, mqtt, buffered, dropped, refused, reconnects, oversized, sensor, sensorErrors }));
}

function describeTrouble({ trouble, clockOffsetSeconds }: Diagnostics): object | null {
  if (!trouble) return null;
  const sinceUptime = Math.floor(trouble.sinceMs / 1000);
  const since = clockOffsetSeconds === undefined ? { sinceUptime } : { since: clockOffsetSeconds + sinceUptime };
  return { fault: trouble.fault, bit: trouble.bit < 0 ? null : trouble.bit, ...since };
}
