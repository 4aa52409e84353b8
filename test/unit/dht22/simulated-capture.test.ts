// The sensor that is not there: it answers as the model that it is woken as.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DHT22_MODEL_NAMES } from '../../../firmware/dht22/model.js';
import { Dht22 } from '../../../firmware/dht22/sensor.js';
import { simulatedCapture } from '../../../firmware/platform/simulated/capture.js';

describe('simulated sensor', () => {
  for (const model of DHT22_MODEL_NAMES) {
    it(`answers as ${model} where it is woken as one`, () => {
      const due: (() => void)[] = [];
      const timer = { set: (callback: () => void) => due.push(callback), clear: () => {} };
      for (const [temperatureTenths, humidityTenths] of [
        [214, 452],
        [-7, 1000],
        [-123, 5],
      ] as const) {
        const climate = { at: () => ({ temperatureTenths, humidityTenths }) };
        const sensor = new Dht22({ sensor: { io: simulatedCapture({ timer, uptime: () => 0, climate }), pin: 4 }, model });
        let read: unknown;
        sensor.sample((fault, sample) => {
          read = fault?.fault ?? [sample?.thermometer.temperature, sample?.hygrometer.humidity];
        });
        due.shift()?.();
        assert.deepEqual(read, [temperatureTenths / 10, humidityTenths / 10]);
      }
    });
  }
});
