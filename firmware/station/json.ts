// Reads JSON that somebody sent: one object, bounded in depth and in members before the machine's own parser sees it, whose
// stack and table of names are small on a board.

import { decodeUtf8, isUtf8 } from '../mqtt/utf8.js';

/** An object in an object, and no deeper. */
const DEPTH_MAXIMUM = 2;
/** Twice as many as there are settings. */
const MEMBERS_MAXIMUM = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that `bytes` spell; `undefined` where they are anything else, or beyond the bounds. */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  if (!isUtf8(bytes, 0, bytes.length) || !isBounded(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBounded(bytes: Uint8Array): boolean {
  let depth = 0;
  let members = 1;
  let isInText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) isInText = !isInText;
    else if (isInText) {
      if (byte === BACKSLASH) at++;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > DEPTH_MAXIMUM) return false;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    else if (byte === COMMA && ++members > MEMBERS_MAXIMUM) return false;
  }
  return true;
}
