// What one room measured, in the order of measurement: live readings at the end, backfilled ones where they belong. Bounded.

export type QuantityName = 'temperature' | 'humidity';

export interface Sample {
  /** UTC epoch seconds of the measurement. */
  readonly time: number;
  /** °C; `undefined` where it was not measured. */
  readonly temperature: number | undefined;
  /** %RH. */
  readonly humidity: number | undefined;
  /** It came long after it was measured: it had been buffered. */
  readonly isBackfill: boolean;
}

/** The oldest give way; what is older than the page comes from the recorder. */
export const SAMPLES_MAXIMUM = 3_600;

/** Samples given up at once when the series is full: moving all the others for each new one would be dear. */
const FORGOTTEN_AT_ONCE = 360;

export class Series {
  readonly #samples: Sample[] = [];

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get newest(): Sample | undefined {
    return this.#samples.at(-1);
  }

  /** Puts `sample` in its place; one of the same time is replaced. Where it is older than all of a full series it is left out. */
  add(sample: Sample): void {
    const samples = this.#samples;
    const at = firstAfter(samples, sample.time);
    if (samples[at - 1]?.time === sample.time) samples[at - 1] = sample;
    else if (at > 0 || samples.length < SAMPLES_MAXIMUM) samples.splice(at, 0, sample);
    if (samples.length > SAMPLES_MAXIMUM) samples.splice(0, FORGOTTEN_AT_ONCE);
  }

  /** The sample measured at this very time. */
  at(time: number): Sample | undefined {
    const before = this.#samples[firstAfter(this.#samples, time) - 1];
    return before?.time === time ? before : undefined;
  }

  /** The samples measured at `time` or later. */
  since(time: number): readonly Sample[] {
    const samples = this.#samples;
    let at = samples.length;
    while (at > 0 && (samples[at - 1] as Sample).time >= time) at--;
    return samples.slice(at);
  }
}

/** Index of the first sample later than `time`; looks from the end, where new samples belong. */
function firstAfter(samples: readonly Sample[], time: number): number {
  if ((samples.at(-1)?.time ?? Number.NEGATIVE_INFINITY) <= time) return samples.length;
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle] as Sample).time > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
