// The DHT22 sensor class over a fake capture.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Dht22, type Dht22Callback } from '../../../firmware/dht22/sensor.js';
import { ContractError } from '../../../firmware/errors.js';
import { hex } from '../../vectors/hex.js';
import { type FakeCapture, fakeCaptures } from './fake-capture.js';

describe('Dht22', () => {
  let sensor: Dht22;
  let capture: FakeCapture;
  let results: unknown[];

  /** Copies what is valid only during the callback. */
  const callback: Dht22Callback = (fault, sample) => {
    if (sample) results.push([sample.thermometer.temperature, sample.hygrometer.humidity]);
    else results.push([fault?.fault, fault?.faultBit]);
  };

  beforeEach(() => {
    const { Capture, made } = fakeCaptures();
    sensor = new Dht22({ sensor: { io: Capture, pin: 4 } });
    capture = made[0] as FakeCapture;
    results = [];
  });

  it('wakes the sensor on its pin for at least 1 ms (datasheet: host low)', () => {
    assert.equal(capture.options.pin, 4);
    assert.ok(capture.options.startPulseUs >= 1_000);
    assert.equal(capture.starts, 0);
  });

  it('wakes each model as it wants to be woken (datasheets)', () => {
    const startPulseUs = (['dht22', 'dht21', 'dht11', 'si7021'] as const).map((model) => {
      const { Capture, made } = fakeCaptures();
      new Dht22({ sensor: { io: Capture, pin: 4 }, model });
      return made[0]?.options.startPulseUs;
    });
    assert.deepEqual(startPulseUs, [1_100, 1_100, 20_000, 450]);
  });

  it('says how many edges it read around', () => {
    let repairedEdges: number | undefined;
    sensor.sample((_fault, sample) => {
      repairedEdges = sample?.repairedEdges;
    });
    capture.answerLate(214, 452, 10, 45);
    assert.equal(repairedEdges, 1);
  });

  it('calls back once, later, with °C and %RH', () => {
    sensor.sample(callback);
    assert.deepEqual(results, []);
    capture.answer(214, 452);
    assert.deepEqual(results, [[21.4, 45.2]]);
    capture.answer(300, 300);
    assert.deepEqual(results, [[21.4, 45.2]]);
    assert.equal(capture.starts, 1);
  });

  it('says why there is no sample, and at which bit', () => {
    sensor.sample(callback);
    capture.stayQuiet();
    sensor.sample(callback);
    capture.breakOff(21);
    sensor.sample(callback);
    capture.answerFrame(hex('02 8c 01 5f ef'));
    sensor.sample(callback);
    capture.answerFrame(hex('ff ff ff ff fc'));
    assert.deepEqual(results, [
      ['no-response', -1],
      ['bit-missing', 9],
      ['checksum', -1],
      ['out-of-range', -1],
    ]);
  });

  it('gives a sample again after a fault', () => {
    sensor.sample(callback);
    capture.stayQuiet();
    sensor.sample(callback);
    capture.answer(-12, 1000);
    assert.deepEqual(results, [
      ['no-response', -1],
      [-1.2, 100],
    ]);
  });

  it('reads once at a time', () => {
    sensor.sample(callback);
    assert.throws(() => sensor.sample(callback), ContractError);
    capture.answer(0, 0);
    sensor.sample(callback);
    assert.equal(capture.starts, 2);
  });

  it('can be asked again from within the callback', () => {
    sensor.sample((fault, sample) => {
      callback(fault, sample);
      sensor.sample(callback);
    });
    capture.answer(10, 20);
    capture.answer(30, 40);
    assert.deepEqual(results, [
      [1, 2],
      [3, 4],
    ]);
  });

  it('ends a read on close: no callback, and it is free again', () => {
    sensor.sample(callback);
    sensor.close();
    assert.equal(capture.closes, 1);
    capture.answer(0, 0);
    assert.deepEqual(results, []);
    sensor.sample(callback);
    capture.answer(214, 452);
    assert.deepEqual(results, [[21.4, 45.2]]);
  });

  describe('offsets', () => {
    const rows: readonly (readonly [
      reason: string,
      offsets: [number, number],
      read: [number, number],
      expected: [number, number],
    ])[] = [
      ['are added', [-1.5, 3], [214, 452], [19.9, 48.2]],
      ['leave steps of 0.1', [0.1, 0.2], [1, 1], [0.2, 0.3]],
      ['are rounded with the value, not before', [0.06, -0.06], [214, 452], [21.5, 45.1]],
      ['keep humidity at 100 at most', [0, 5], [0, 980], [0, 100]],
      ['keep humidity at 0 at least', [0, -5], [0, 20], [0, 0]],
      ['may lead out of the range of the sensor: the temperature is what it is', [-20, 0], [-400, 0], [-60, 0]],
      ['give 0, never -0', [0.06, -0.06], [-1, 0], [0, 0]],
    ];
    for (const [reason, [temperatureOffset, humidityOffset], [temperatureTenths, humidityTenths], expected] of rows) {
      it(reason, () => {
        sensor.configure({ temperatureOffset, humidityOffset });
        sensor.sample(callback);
        capture.answer(temperatureTenths, humidityTenths);
        assert.deepEqual(results, [expected]);
      });
    }

    it('stay as they are where a configuration leaves them out', () => {
      sensor.configure({ temperatureOffset: 1 });
      sensor.configure({ humidityOffset: 2 });
      sensor.configure({});
      sensor.sample(callback);
      capture.answer(100, 100);
      assert.deepEqual(results, [[11, 12]]);
    });
  });
});
