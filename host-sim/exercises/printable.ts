// Text from strangers made harmless for a terminal, which obeys control characters: a payload could clear the screen or forge a line.

/**
 * The text with every character replaced that steers or hides (controls, line ends, formats such as a change of the writing
 * direction, halves of surrogate pairs); of a longer one its first `maximumLength` characters and `…`.
 */
export function printable(text: string, maximumLength = 200): string {
  const harmless = text.slice(0, maximumLength).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return text.length > maximumLength ? `${harmless}…` : harmless;
}
