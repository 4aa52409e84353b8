// Text measured in terminal columns: clipping and padding that keep wide characters and colours whole.

import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter();
const SGR = /(\p{Cc}\[[\d;]*m)/u;

/**
 * The text with every character replaced that could steer the terminal or hide: controls, line ends, formats such as
 * direction overrides, lone surrogates. The zero-width joiner stays, because emoji are made with it.
 */
export function printable(text: string): string {
  return text.replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}

/** At most `width` columns of the text; what is cut off becomes `…`. Colour codes have no width and are kept. */
export function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let left = width - 1;
  let clipped = '';
  let isFull = false;
  for (const part of text.split(SGR)) {
    if (SGR.test(part)) {
      clipped += part;
    } else if (!isFull) {
      const head = headOf(part, left);
      left -= stringWidth(head);
      isFull = head !== part;
      clipped += isFull && width > 0 ? `${head}…` : head;
    }
  }
  return clipped;
}

/** The longest run of whole graphemes from the start of the text that fits into `width` columns. */
function headOf(text: string, width: number): string {
  let end = 0;
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** Exactly `width` columns: clipped, or filled with spaces after the text. */
export function padEnd(text: string, width: number): string {
  const clipped = clip(text, width);
  return clipped + ' '.repeat(Math.max(0, width - stringWidth(clipped)));
}

/** Exactly `width` columns: clipped, or filled with spaces before the text. */
export function padStart(text: string, width: number): string {
  const clipped = clip(text, width);
  return ' '.repeat(Math.max(0, width - stringWidth(clipped))) + clipped;
}

/** The first of the texts that fits into `width` columns; else the last one, clipped. */
export function firstThatFits(texts: readonly string[], width: number): string {
  return texts.find((text) => stringWidth(text) <= width) ?? clip(texts.at(-1) ?? '', width);
}

/** `left` and `right` at the two ends of a line; `right` yields where there is no room for both. */
export function spread(left: string, right: string, width: number): string {
  const gap = width - stringWidth(left) - stringWidth(right);
  return gap < 1 ? clip(left, width) : left + ' '.repeat(gap) + right;
}
