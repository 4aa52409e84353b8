// A payload as people can look at it: short, one line, with what cannot be shown made visible.

/** Characters of a preview. */
export const PREVIEW_LENGTH = 120;

const decoder = new TextDecoder();

/** The beginning of `payload` as text; bytes that are no text show as hexadecimal digits. */
export function preview(payload: Uint8Array, length = PREVIEW_LENGTH): string {
  // A character takes up to four bytes: no more than that is decoded of a payload of any length.
  const head = payload.subarray(0, length * 4);
  const text = decoder.decode(head);
  const cut = shorten(visible(text), length);
  if (text.includes('\u0000') || (payload.length <= head.length && text.includes('\ufffd'))) return hexadecimal(head, length);
  return payload.length > head.length && !cut.endsWith('…') ? `${cut}…` : cut;
}

/** At most `length` characters, with an ellipsis where something is missing. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/u, '')}…`;
}

/** Controls and marks that turn the direction of writing become symbols: they would hide what a text really says. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (control) => {
    const code = control.codePointAt(0) as number;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '\ufffd';
  });
}

function hexadecimal(bytes: Uint8Array, length: number): string {
  const digits = [...bytes.subarray(0, Math.ceil(length / 3))].map((byte) => byte.toString(16).padStart(2, '0'));
  return shorten(digits.join(' '), length);
}
