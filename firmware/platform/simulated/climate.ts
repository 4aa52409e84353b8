// A plausible indoor climate, the same for the same seed: a day curve, slow drift, a window that opens now and then, and the
// sensor's own noise. Pure arithmetic on the time, so that a test can say what was measured at any moment.

/** What a sensor in the room measures. */
export interface ClimateSample {
  /** 0.1 °C. */
  readonly temperatureTenths: number;
  /** 0.1 %RH. */
  readonly humidityTenths: number;
}

const DAY_SECONDS = 86_400;
/** In each stretch of this length the window may be open once. */
const AIRING_PERIOD_SECONDS = 5_400;
const AIRING_SECONDS = 600;
const AIRING_CHANCE = 0.5;
/** After the window is shut, the room recovers with this time constant. */
const RECOVERY_SECONDS = 480;
/** Slow drift: a new target in each stretch of this length. */
const DRIFT_PERIOD_SECONDS = 1_800;

export class Climate {
  private readonly seed: number;
  private readonly meanTemperature: number;
  private readonly meanHumidity: number;
  private readonly dayStartSeconds: number;

  /**
   * @param seed any integer
   * @param room the same seed gives each room a climate of its own
   */
  constructor(seed: number, room: string) {
    this.seed = hashText(room, mix(seed));
    this.meanTemperature = 19 + 3 * this.share(1, 0);
    this.meanHumidity = 42 + 14 * this.share(2, 0);
    // The day begins somewhere in its daylight, so that a seed says everything and a class sees a change.
    this.dayStartSeconds = Math.floor((7 + 10 * this.share(3, 0)) * 3600);
  }

  /**
   * The climate `elapsedSeconds` (0 or more) after the start. It changes at whole seconds alone: sensors are read then, or a little
   * later on a busy machine, and measure the same all the same.
   */
  at(elapsedSeconds: number): ClimateSample {
    const second = Math.floor(elapsedSeconds);
    const time = this.dayStartSeconds + second;
    const airing = this.airing(time);
    // Warmest at 15 h, coldest at 3 h.
    const day = Math.cos((2 * Math.PI * (time - 15 * 3600)) / DAY_SECONDS);
    const temperature = this.meanTemperature + 1.4 * day + 0.8 * this.drift(4, time) - 3.5 * airing + 0.06 * this.noise(5, second);
    // Relative humidity falls as the air warms, and cold air from outside is dry.
    const humidity = this.meanHumidity - 3 * day + 4 * this.drift(6, time) - 9 * airing + 0.25 * this.noise(7, second);
    return {
      temperatureTenths: Math.round(clamp(temperature, -40, 80) * 10),
      humidityTenths: Math.round(clamp(humidity, 0, 100) * 10),
    };
  }

  /** How much of the outside is in the room, 0 to 1. */
  private airing(time: number): number {
    const period = Math.floor(time / AIRING_PERIOD_SECONDS);
    return Math.max(this.airingOf(period, time), this.airingOf(period - 1, time));
  }

  private airingOf(period: number, time: number): number {
    if (this.share(8, period) > AIRING_CHANCE) return 0;
    const opensAt = (period + 0.7 * this.share(9, period)) * AIRING_PERIOD_SECONDS;
    const since = time - opensAt;
    if (since < 0) return 0;
    if (since < AIRING_SECONDS) return 1 - Math.exp(-since / (AIRING_SECONDS / 3));
    return (1 - Math.exp(-3)) * Math.exp(-(since - AIRING_SECONDS) / RECOVERY_SECONDS);
  }

  /** Wanders smoothly between -1 and 1. */
  private drift(channel: number, time: number): number {
    const step = Math.floor(time / DRIFT_PERIOD_SECONDS);
    const share = time / DRIFT_PERIOD_SECONDS - step;
    const eased = share * share * (3 - 2 * share);
    const from = 2 * this.share(channel, step) - 1;
    const to = 2 * this.share(channel, step + 1) - 1;
    return from + (to - from) * eased;
  }

  /** -1 to 1, most often near 0. */
  private noise(channel: number, second: number): number {
    return this.share(channel, second) + this.share(channel + 16, second) - 1;
  }

  /** A number from 0 to 1 that depends on the seed, `channel` and `index` alone. */
  private share(channel: number, index: number): number {
    return mix(mix(this.seed ^ Math.imul(channel, 0x9e3779b1)) + index) / 0x1_0000_0000;
  }
}

/** Scrambles 32 bits (the finalizer of MurmurHash3). */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** 32 bits from `text`, beginning with `start`. */
export function hashText(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = mix(hash + Math.imul(text.charCodeAt(index), 0x01000193));
  return hash;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(maximum, value));
}
