// What characters a text is made of, and no more than that: a regular expression costs the ESP8266's image 32 KB (decision 071).

const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const UNDERSCORE = 0x5f;
const LOWER_A = 0x61;
const LOWER_Z = 0x7a;

/** Whether `isAllowed` holds for the UTF-16 code unit of each character; so it does for the empty text. */
export function isMadeOf(text: string, isAllowed: (unit: number) => boolean): boolean {
  for (let at = 0; at < text.length; at++) if (!isAllowed(text.charCodeAt(at))) return false;
  return true;
}

/** `0` to `9`. */
export function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** ASCII letters and digits. */
export function isAlphanumeric(unit: number): boolean {
  return isDigit(unit) || (unit >= UPPER_A && unit <= UPPER_Z) || (unit >= LOWER_A && unit <= LOWER_Z);
}

/** What a host name is made of: RFC 1123, and the `_` that some networks use. */
export function isHostCharacter(unit: number): boolean {
  return isAlphanumeric(unit) || unit === HYPHEN || unit === POINT || unit === UNDERSCORE;
}

/** One to `most` decimal digits. */
export function isDigits(text: string, most: number): boolean {
  return text.length >= 1 && text.length <= most && isMadeOf(text, isDigit);
}
