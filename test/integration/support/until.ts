// Waits for a condition instead of a time, and says in words what did not happen when the deadline passes.

const POLL_MS = 10;

/** Resolves once `isSo()` holds; rejects after `limitMs` with `what` in the message. */
export async function until(isSo: () => boolean, what: string, limitMs: number): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
