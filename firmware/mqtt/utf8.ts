// UTF-8 as MQTT wants it (§1.5.4): no surrogates, no NUL. Written out because XS on the device has no TextEncoder.

import { ContractError } from '../errors.js';

/** Code points turned into text at once: each takes a place on the stack, and each text that is put together a copy. */
const CODE_POINTS_AT_ONCE = 24;

/** Length of `text` in UTF-8 bytes. Throws `ContractError` for NUL and for lone surrogates ([MQTT-1.5.3-1], [MQTT-1.5.3-2]). */
export function utf8Length(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = codePointAt(text, index);
    if (code > 0xffff) index++;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Writes `text` as UTF-8 to `bytes` from `offset`; returns the offset behind it. The room must be there. */
export function writeUtf8(text: string, bytes: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < text.length; index++) {
    const code = codePointAt(text, index);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0x10000) {
        bytes[at++] = 0xe0 | (code >> 12);
      } else {
        index++;
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

/** `text` as a new array of UTF-8 bytes. Throws as `utf8Length` does. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** The text of well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  const codePoints: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number;
    const trailing = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let codePoint = trailing === 0 ? first : first & (0x3f >> trailing);
    for (let rest = 0; rest < trailing; rest++) codePoint = (codePoint << 6) | ((bytes[at++] as number) & 0x3f);
    codePoints.push(codePoint);
    if (codePoints.length < CODE_POINTS_AT_ONCE) continue;
    text += String.fromCodePoint(...codePoints);
    codePoints.length = 0;
  }
  return text + String.fromCodePoint(...codePoints);
}

/** Whether `bytes[start..end)` is well-formed UTF-8 without NUL, overlong forms or surrogates (Unicode 15, table 3-7). */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      if (first === 0) return false;
      continue;
    }
    if (first < 0xc2 || first > 0xf4) return false;
    const trailing = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (at + trailing > end) return false;
    const second = bytes[at] as number;
    // The second byte of these four is narrowed: overlong forms, surrogates, and what lies beyond U+10FFFF.
    const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return false;
    for (let rest = 1; rest < trailing; rest++) {
      if (((bytes[at + rest] as number) & 0xc0) !== 0x80) return false;
    }
    at += trailing;
  }
  return true;
}

function codePointAt(text: string, index: number): number {
  const code = text.codePointAt(index) as number;
  if (code === 0) throw new ContractError('an MQTT string holds no NUL [MQTT-1.5.3-2]');
  if (code >= 0xd800 && code <= 0xdfff) throw new ContractError('an MQTT string holds no lone surrogate [MQTT-1.5.3-1]');
  return code;
}
