// What a station says of itself: who it is at each connection (`info`), and how it fares each minute (`diagnostics`).

import { MQTT_5, type ProtocolLevel } from '../mqtt/protocol.js';
import { encodeUtf8 } from '../mqtt/utf8.js';
import type { ResetCause } from '../ports.js';
import type { LinkFailure } from './link.js';
import { SENSOR_FAULT_CLASSES, type SensorTrouble } from './sampler.js';
import type { Settings } from './settings.js';
import { WIFI_FAILURES } from './wifi-supervisor.js';

/** For people. Written out: to write letters large takes the engine's tables of Unicode, 12 KB of the ESP8266's image (decision 071). */
const OTHER_SENSORS = Object.freeze({ dht21: 'DHT21', dht11: 'DHT11', si7021: 'SI7021' });

/** Who this station is. */
export interface Identity {
  /** 12 lower-case hex digits: the MAC address, or what stands for it. */
  readonly station: string;
  /** What it runs on, for people: `nodemcu`, `simulator` … */
  readonly board: string;
  /** Version of this firmware. */
  readonly firmware: string;
  /** The sensor as this machine has it, where the setting `model` says nothing else. */
  readonly sensor: string;
}

/** How the board fares. */
export interface BoardState {
  /** Its own network address; empty while it has none. */
  readonly address: string;
  /** Strength of the Wi-Fi signal in dBm, where there is one. */
  readonly rssi: number | undefined;
  /** Free bytes of the native heap. */
  readonly freeMemory: number;
  /** Why it last started. */
  readonly resetCause: ResetCause;
  /** How often each of `WIFI_FAILURES` occurred; `undefined` where there is no Wi-Fi. */
  readonly wifiFailureCounts: Uint32Array | undefined;
  /** Commands that came while there was no room for another answer. */
  readonly ignoredCommands: number;
}

/** How a station fares. All counts are since its start. */
export interface Diagnostics {
  readonly uptimeSeconds: number;
  /** Readings that wait for an acknowledgement. */
  readonly buffered: number;
  /** Readings lost because the spool was full, or because the broker would not take them. */
  readonly dropped: number;
  readonly reconnects: number;
  /** Why the last connection ended, or a try to make one; `undefined` where none has. */
  readonly linkFailure: LinkFailure | undefined;
  /** Received messages that were too long to be looked at. */
  readonly oversized: number;
  readonly protocolLevel: ProtocolLevel;
  /** Messages that the broker refused, and why it refused the last one (MQTT 5 §2.4). */
  readonly refusals: { readonly count: number; readonly code: number };
  /** Failed reads for each of `SENSOR_FAULT_CLASSES`. */
  readonly faultCounts: Uint32Array;
  /** Good reads in which edges were late, missing or too many. */
  readonly repairedReads: number;
  readonly trouble: SensorTrouble | undefined;
  /** Epoch seconds at uptime 0, or `undefined` while the time is not known. */
  readonly clockOffsetSeconds: number | undefined;
  readonly board: BoardState;
}

/** The payload of `info`: JSON as UTF-8. */
export function encodeInfo({ station, board, firmware, ...identity }: Identity, settings: Settings, address: string): Uint8Array {
  const { interval, model } = settings;
  const sensor = model === 'dht22' ? identity.sensor : OTHER_SENSORS[model];
  return encodeUtf8(JSON.stringify({ station, board, firmware, sensor, interval, address }));
}

/**
 * The payload of `diagnostics`: JSON as UTF-8, with the classes of errors that occurred, refusals where there were any, and the last
 * failure of the link, if any. `sensor` is
 * `null` while the sensor gives readings; else it says why not and since when: `since` as UTC epoch seconds, or `sinceUptime` where the
 * time is not known.
 */
export function encodeDiagnostics(diagnostics: Diagnostics): Uint8Array {
  const { board, refusals } = diagnostics;
  return encodeUtf8(
    JSON.stringify({
      uptime: diagnostics.uptimeSeconds,
      resetCause: board.resetCause,
      freeMemory: board.freeMemory,
      rssi: board.rssi,
      mqtt: diagnostics.protocolLevel === MQTT_5 ? '5' : '3.1.1',
      buffered: diagnostics.buffered,
      dropped: diagnostics.dropped,
      refused: refusals.count === 0 ? undefined : { count: refusals.count, code: refusals.code },
      reconnects: diagnostics.reconnects,
      linkFailure: diagnostics.linkFailure,
      oversized: diagnostics.oversized,
      ignoredCommands: board.ignoredCommands,
      sensor: describeTrouble(diagnostics),
      sensorErrors: nameCounts(SENSOR_FAULT_CLASSES, diagnostics.faultCounts),
      repairedReads: diagnostics.repairedReads,
      wifiErrors: board.wifiFailureCounts && nameCounts(WIFI_FAILURES, board.wifiFailureCounts),
    }),
  );
}

/** Those of `counts` that are not 0, by name. */
function nameCounts(names: readonly string[], counts: Uint32Array): Record<string, number> {
  const named: Record<string, number> = {};
  for (let index = 0; index < names.length; index++) {
    const count = counts[index] as number;
    if (count > 0) named[names[index] as string] = count;
  }
  return named;
}

function describeTrouble({ trouble, clockOffsetSeconds }: Diagnostics): object | null {
  if (!trouble) return null;
  const sinceUptime = Math.floor(trouble.sinceMs / 1000);
  const since = clockOffsetSeconds === undefined ? { sinceUptime } : { since: clockOffsetSeconds + sinceUptime };
  return { fault: trouble.fault, bit: trouble.bit < 0 ? null : trouble.bit, ...since };
}
