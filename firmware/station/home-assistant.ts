// Makes a station known to Home Assistant: the message of its MQTT device discovery, in that integration's short names
// (https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload).

import { encodeUtf8 } from '../mqtt/utf8.js';
import { PAYLOAD_CAPACITY } from './publisher.js';
import type { Identity } from './reports.js';
import type { Settings } from './settings.js';
import { roomOf, TOPIC_LIMIT_BYTES, topicBase, topicOf } from './topics.js';

/** A sensor that was silent for so many intervals is shown as unavailable, not with its last value. */
const SILENT_AFTER_INTERVALS = 3;

/** With a name of the board and of the firmware that no target exceeds. */
const LONGEST_IDENTITY = Object.freeze({ station: '000000000000', board: 'a longer board  ', firmware: '100.100.100-rc.1' });

/** Where the discovery of `station` (12 hex digits) is retained; an empty message there takes it back. */
export function discoveryTopic(station: string): Uint8Array {
  return encodeUtf8(`homeassistant/device/${station}/config`);
}

/** The payload of the discovery: JSON as UTF-8. */
export function encodeDiscovery({ station, board, firmware }: Omit<Identity, 'sensor'>, settings: Settings): Uint8Array {
  const base = topicBase(settings, station);
  return encodeUtf8(
    JSON.stringify({
      dev: { ids: station, name: roomOf(settings, station), mdl: board, sw: firmware },
      o: { name: 'station-meteo', sw: firmware },
      avty_t: topicOf(base, 'status'),
      stat_t: settings.streams === 'readings' ? topicOf(base, 'readings') : undefined,
      cmps: {
        temperature: describeSensor('temperature', '°C', base, station, settings),
        humidity: describeSensor('humidity', '%', base, station, settings),
      },
    }),
  );
}

/** Whether the discovery of a station with these settings fits in the output buffer, which is made for the longest topic and payload. */
export function isDiscoverable(settings: Settings): boolean {
  const topicBytes = discoveryTopic(LONGEST_IDENTITY.station).length;
  return encodeDiscovery(LONGEST_IDENTITY, settings).length + topicBytes <= PAYLOAD_CAPACITY + TOPIC_LIMIT_BYTES;
}

/** A sensor has the class that its quantity names. Its values have topics of their own, or are the last of a batch, the newest. */
function describeSensor(quantity: string, unit: string, base: string, station: string, { interval, streams }: Settings): object {
  const isBatched = streams === 'readings';
  return {
    p: 'sensor',
    uniq_id: `${station}_${quantity}`,
    dev_cla: quantity,
    stat_cla: 'measurement',
    unit_of_meas: unit,
    exp_aft: SILENT_AFTER_INTERVALS * interval,
    stat_t: isBatched ? undefined : topicOf(base, quantity),
    val_tpl: isBatched ? `{{value_json.readings[-1].${quantity}}}` : undefined,
  };
}
