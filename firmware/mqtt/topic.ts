// What is a topic name and what is a topic filter (MQTT 3.1.1 §4.7).

import { isUtf8 } from './utf8.js';

const PLUS = 0x2b;
const HASH = 0x23;
const SLASH = 0x2f;

/** Longest topic that MQTT can carry, in bytes ([MQTT-4.7.3-3]). */
export const TOPIC_MAXIMUM_BYTES = 65_535;

/** Whether `bytes` is a topic name: 1 to 65,535 bytes of UTF-8, no NUL ([MQTT-4.7.3-1..3]), no wildcard ([MQTT-3.3.2-2]). */
export function isTopicName(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length > TOPIC_MAXIMUM_BYTES) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === PLUS || bytes[at] === HASH) return false;
  return isUtf8(bytes, 0, bytes.length);
}

/** Whether `bytes` is a topic filter: as a name, but a whole level may be `+`, and the last one `#` ([MQTT-4.7.1-2], [MQTT-4.7.1-3]). */
export function isTopicFilter(bytes: Uint8Array): boolean {
  const length = bytes.length;
  if (length === 0 || length > TOPIC_MAXIMUM_BYTES || !isUtf8(bytes, 0, length)) return false;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at];
    if (byte !== PLUS && byte !== HASH) continue;
    const startsLevel = at === 0 || bytes[at - 1] === SLASH;
    const endsLevel = at === length - 1 || (byte === PLUS && bytes[at + 1] === SLASH);
    if (!startsLevel || !endsLevel) return false;
  }
  return true;
}
