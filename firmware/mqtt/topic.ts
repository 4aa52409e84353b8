// What is a topic name, what is a topic filter, and which names a filter means (§4.7, §4.8).

import { isUtf8 } from './utf8.js';

const PLUS = 0x2b;
const HASH = 0x23;
const SLASH = 0x2f;
const DOLLAR = 0x24;

/** `$share/`: a filter of a shared subscription begins with it (§4.8.2). */
const SHARE = Object.freeze([0x24, 0x73, 0x68, 0x61, 0x72, 0x65, 0x2f]);

/** Longest topic that MQTT can carry, in bytes ([MQTT-4.7.3-3]). */
export const TOPIC_MAXIMUM_BYTES = 65_535;

/** Whether `bytes` is a topic name: 1 to 65,535 bytes of UTF-8, no NUL ([MQTT-4.7.3-1..3]), no wildcard ([MQTT-3.3.2-2]). */
export function isTopicName(bytes: Uint8Array): boolean {
  const length = bytes.length;
  if (length === 0 || length > TOPIC_MAXIMUM_BYTES) return false;
  const plainEnd = endOfPlain(bytes, length);
  if (plainEnd === length) return true;
  for (let at = plainEnd; at < length; at++) if (bytes[at] === PLUS || bytes[at] === HASH) return false;
  return isUtf8(bytes, plainEnd, length);
}

/** Where the first byte is that takes a closer look. Those between `+` and the end of ASCII, most of nearly every topic, are right for sure. */
function endOfPlain(bytes: Uint8Array, length: number): number {
  let at = 0;
  // Not in the loop: there XS would make it anew for each byte.
  let byte: number;
  while (at < length) {
    byte = bytes[at] as number;
    if (byte <= PLUS || byte >= 0x80) break;
    at++;
  }
  return at;
}

/**
 * Whether `bytes` is a topic filter: as a name, but a whole level may be `+`, and the last one `#` ([MQTT-4.7.1-2], [MQTT-4.7.1-3]). What
 * begins with `$share/` is a shared one, or none ([MQTT-4.8.2-1], [MQTT-4.8.2-2]): also in 3.1.1, whose servers read it so if at all.
 */
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
  return !startsWithShare(bytes) || isSharedFilter(bytes);
}

/** Whether `filter` asks for a shared subscription (§4.8.2): `$share/`, a name without wildcards, `/`, and what is then a filter. */
export function isSharedFilter(filter: Uint8Array): boolean {
  return sharedFilterStart(filter) > 0;
}

/**
 * Whether topic `name` is among those that `filter` means (§4.7.1). Wildcards at the front mean no name that starts with `$`
 * ([MQTT-4.7.2-1]); a shared subscription means what its filter part means. Both must be valid.
 */
export function matches(filter: Uint8Array, name: Uint8Array): boolean {
  let at = sharedFilterStart(filter);
  if (name[0] === DOLLAR && filter[at] !== DOLLAR) return false;
  let index = 0;
  for (; at < filter.length; at++) {
    const byte = filter[at];
    if (byte === HASH) return true;
    if (byte === PLUS) {
      while (index < name.length && name[index] !== SLASH) index++;
    } else if (index < name.length) {
      if (name[index++] !== byte) return false;
    } else {
      // The parent level: `a/#` means `a`, too ([MQTT-4.7.1-2]).
      return byte === SLASH && filter[at + 1] === HASH;
    }
  }
  return index === name.length;
}

/** Where the filter part of a shared subscription begins; 0 where `filter` is none. */
function sharedFilterStart(filter: Uint8Array): number {
  if (!startsWithShare(filter)) return 0;
  let at = SHARE.length;
  while (at < filter.length && filter[at] !== SLASH && filter[at] !== PLUS && filter[at] !== HASH) at++;
  return at > SHARE.length && filter[at] === SLASH && at + 1 < filter.length ? at + 1 : 0;
}

function startsWithShare(filter: Uint8Array): boolean {
  for (let at = 0; at < SHARE.length; at++) if (filter[at] !== SHARE[at]) return false;
  return true;
}
