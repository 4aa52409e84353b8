// Which period the chart shows: the last so many seconds, or a part that somebody zoomed into.

import { computed, signal } from '@preact/signals';

export interface Period {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
}

/** Closer than this there is nothing to see; the readings are seconds apart. */
const LEAST_SECONDS = 20;

const MOST_SECONDS = 366 * 86_400;

/** Seconds that the live chart goes back. */
export const span = signal(300);

const held = signal<Period | undefined>(undefined);

export const isLive = computed(() => held.value === undefined);

export function range(now: number): Period {
  return held.value ?? { from: now - span.value, to: now };
}

export function showLast(seconds: number): void {
  span.value = seconds;
  held.value = undefined;
}

export function hold({ from, to }: Period): void {
  const middle = (from + to) / 2;
  const half = Math.min(Math.max(to - from, LEAST_SECONDS), MOST_SECONDS) / 2;
  held.value = { from: middle - half, to: middle + half };
}

export function back(): void {
  held.value = undefined;
}

/** Shows `factor` times as much, around the same middle. */
export function zoom({ from, to }: Period, factor: number): void {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  hold({ from: middle - half, to: middle + half });
}

/** Moves by a part of what is shown. */
export function pan({ from, to }: Period, part: number): void {
  const step = (to - from) * part;
  hold({ from: from + step, to: to + step });
}
