// Keeps the recorder's readings of the period that the chart shows: asks anew when the period changes or the answer gets old.

import { signal } from '@preact/signals';
import { getHistory } from '../live/api.js';
import { samplesOf } from '../model/history.js';
import type { Sample } from '../model/series.js';
import type { Period } from './range.js';

export interface ChartHistory {
  /** Samples of each room, oldest first. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Seconds that one sample stands for; 0: it is a reading. */
  readonly resolution: number;
}

const POINTS = 600;

/** A live answer is as good as new for this long, or for a part of its period. */
const FRESH_SECONDS = 60;
const FRESH_PART = 1 / 60;

/** Live answers reach further back than asked, so that the left edge has its line. */
const MARGIN = 0.05;

export class HistoryLoader {
  readonly history = signal<ChartHistory>({ samples: new Map(), resolution: 0 });
  #loaded: (Period & { readonly isLive: boolean; readonly atMs: number }) | undefined;
  #isLoading = false;

  follow(period: Period, isLive: boolean): void {
    if (!this.#isLoading && this.#isStale(period, isLive)) void this.#load(period, isLive);
  }

  #isStale(period: Period, isLive: boolean): boolean {
    const loaded = this.#loaded;
    if (!loaded || loaded.isLive !== isLive) return true;
    const span = period.to - period.from;
    if (!isLive) return loaded.from !== period.from || loaded.to !== period.to;
    const freshMs = Math.max(FRESH_SECONDS, span * FRESH_PART) * 1000;
    return Math.abs(loaded.to - loaded.from - span) > 1 || performance.now() - loaded.atMs > freshMs;
  }

  async #load(period: Period, isLive: boolean): Promise<void> {
    this.#isLoading = true;
    const margin = (period.to - period.from) * MARGIN;
    try {
      const { series, bucketSeconds } = await getHistory(period.from - margin, period.to + margin, POINTS);
      this.history.value = {
        samples: new Map(series.map((part) => [part.room, samplesOf(part)])),
        resolution: bucketSeconds,
      };
    } catch {
      // The server is away: what was loaded before stays, and the next try is due when that is old.
    } finally {
      this.#loaded = { ...period, isLive, atMs: performance.now() };
      this.#isLoading = false;
    }
  }
}
