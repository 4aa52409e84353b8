// The weather that the page sets: it comes over all virtual rooms alike, on top of the climate that the seed gives each of them.

import { Climate, type ClimateSample } from '../firmware/platform/simulated/climate.js';

/** How much warmer (°C) and damper (%RH) than without it. */
export interface WeatherShift {
  readonly temperature: number;
  readonly humidity: number;
}

/** Rooms follow with this time constant: after a minute they are nearly there. */
const FOLLOW_SECONDS = 20;

const CALM: WeatherShift = { temperature: 0, humidity: 0 };

export class Weather {
  readonly #nowMs: () => number;
  #from = CALM;
  #target = CALM;
  #changedAtMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** What was set, whether the rooms have reached it or not. */
  get target(): WeatherShift {
    return this.#target;
  }

  set(target: WeatherShift): void {
    this.#from = this.shift();
    this.#target = target;
    this.#changedAtMs = this.#nowMs();
  }

  /** What the rooms feel of it now. */
  shift(): WeatherShift {
    const share = 1 - Math.exp(-(this.#nowMs() - this.#changedAtMs) / 1000 / FOLLOW_SECONDS);
    const between = (quantity: keyof WeatherShift) => {
      return this.#from[quantity] + share * (this.#target[quantity] - this.#from[quantity]);
    };
    return { temperature: between('temperature'), humidity: between('humidity') };
  }
}

/** The climate of a room under the weather. */
export class WeatheredClimate extends Climate {
  readonly #weather: Weather;

  constructor(seed: number, room: string, weather: Weather) {
    super(seed, room);
    this.#weather = weather;
  }

  override at(elapsedSeconds: number): ClimateSample {
    const { temperatureTenths, humidityTenths } = super.at(elapsedSeconds);
    const { temperature, humidity } = this.#weather.shift();
    return {
      temperatureTenths: clamp(temperatureTenths + Math.round(temperature * 10), -400, 800),
      humidityTenths: clamp(humidityTenths + Math.round(humidity * 10), 0, 1000),
    };
  }
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(maximum, value));
}
