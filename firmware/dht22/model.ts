// The models of sensor that answer in this way: how long each is woken, what its bytes mean, and what it can measure.

/**
 * `dht21` is sold as AM2301 too, `dht22` as AM2302; `si7021` is the part of that chip which Sonoff sells with a plug for a DHT.
 */
export type Dht22Model = 'dht22' | 'dht21' | 'dht11' | 'si7021';

export interface ModelTraits {
  /** How long the host holds the line low to wake it, in µs. */
  readonly startPulseUs: number;
  /** Each value is a byte of whole units and one of tenths; else it is 16 bits of tenths. */
  readonly hasBytePairs: boolean;
  /** Measuring range in 0.1 °C. Humidity is 0 to 100 %RH for all of them. */
  readonly temperatureMinimumTenths: number;
  readonly temperatureMaximumTenths: number;
}

/** Datasheets ask for at least 1 ms; 10 % more, for slow clocks. */
const AM230X: ModelTraits = Object.freeze({
  startPulseUs: 1_100,
  hasBytePairs: false,
  temperatureMinimumTenths: -400,
  temperatureMaximumTenths: 800,
});

export const DHT22_MODELS: Readonly<Record<Dht22Model, ModelTraits>> = Object.freeze({
  dht22: AM230X,
  dht21: AM230X,
  // ASAIR DHT11: at least 18 ms; -20 to 60 °C (older ones 0 to 50 °C, whole units alone).
  dht11: Object.freeze({
    startPulseUs: 20_000,
    hasBytePairs: true,
    temperatureMinimumTenths: -200,
    temperatureMaximumTenths: 600,
  }),
  // A microcontroller in front of the chip wants a short pulse; the range is that of Silicon Labs' Si7021.
  si7021: Object.freeze({
    startPulseUs: 450,
    hasBytePairs: false,
    temperatureMinimumTenths: -400,
    temperatureMaximumTenths: 1_250,
  }),
});

export const DHT22_MODEL_NAMES: readonly Dht22Model[] = Object.freeze(['dht22', 'dht21', 'dht11', 'si7021'] as const);
