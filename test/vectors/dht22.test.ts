// Runs the DHT22 vectors, and holds the decoder to what the simulated sensor sends for any reading.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ANSWER_EDGES, decodeEdges, FRAME_BYTES } from '../../firmware/dht22/edges.js';
import { decodeFrame, HUMIDITY_MAXIMUM_TENTHS, type Measurement } from '../../firmware/dht22/frame.js';
import { encodeFrame, writeEdges } from '../../firmware/platform/simulated/capture.js';
import { type Dht22Result, FRAME_VECTORS, PULSE_VECTORS } from './dht22-vectors.js';
import { hex, toHex } from './hex.js';

const RUNS = { seed: 20_251_122, numRuns: 1_000 } as const;

function measure(fill: (measurement: Measurement) => void): Dht22Result {
  // What an earlier read has left must not show.
  const measurement: Measurement = { fault: undefined, faultBit: 17, temperatureTenths: 12_345, humidityTenths: 12_345 };
  fill(measurement);
  const { fault, faultBit, temperatureTenths, humidityTenths } = measurement;
  return fault === undefined ? { temperatureTenths, humidityTenths } : { fault, faultBit };
}

const decodedFrame = (frame: Uint8Array) => measure((measurement) => decodeFrame(frame, measurement));

function decodedEdges(edgesUs: readonly number[]): Dht22Result {
  return measure((measurement) => {
    // The edges of an earlier read lie behind those of this one: they must not complete it.
    const captured = new Uint16Array(ANSWER_EDGES);
    writeEdges(encodeFrame(214, 452), captured);
    captured.set(edgesUs);
    const frame = new Uint8Array(FRAME_BYTES).fill(0xff);
    if (decodeEdges(captured, edgesUs.length, frame, measurement)) decodeFrame(frame, measurement);
  });
}

const temperature = fc.integer({ min: -400, max: 800 });
const humidity = fc.nat(HUMIDITY_MAXIMUM_TENTHS);

function edgesOf(frame: Uint8Array): number[] {
  const edgesUs = new Uint16Array(ANSWER_EDGES);
  return [...edgesUs.subarray(0, writeEdges(frame, edgesUs))];
}

describe('DHT22 vectors: frames', () => {
  for (const { reason, bytes, result } of FRAME_VECTORS) {
    it(`${bytes}: ${reason}`, () => assert.deepEqual(decodedFrame(hex(bytes)), result));
  }
});

describe('DHT22 vectors: pulses', () => {
  for (const { reason, edgesUs, result } of PULSE_VECTORS) {
    it(`${edgesUs.length} edges: ${reason}`, () => assert.deepEqual(decodedEdges(edgesUs), result));
  }
});

describe('DHT22 properties', () => {
  it('reads any reading back from the pulses that a sensor sends for it, each edge up to 4 µs late', () => {
    const lateness = fc.array(fc.nat(4), { minLength: ANSWER_EDGES, maxLength: ANSWER_EDGES });
    fc.assert(
      fc.property(temperature, humidity, lateness, (temperatureTenths, humidityTenths, lateUs) => {
        const edges = edgesOf(encodeFrame(temperatureTenths, humidityTenths));
        assert.equal(edges.length, ANSWER_EDGES);
        const result = decodedEdges(edges.map((edgeUs, index) => edgeUs + (lateUs[index] as number)));
        assert.deepEqual(result, { temperatureTenths, humidityTenths });
      }),
      RUNS,
    );
  });

  it("reads every temperature below zero from two's complement, too", () => {
    for (let temperatureTenths = -400; temperatureTenths < 0; temperatureTenths++) {
      const raw = temperatureTenths & 0xffff;
      const sum = (raw >> 8) + (raw & 0xff);
      const frame = Uint8Array.of(0, 0, raw >> 8, raw & 0xff, sum & 0xff);
      assert.deepEqual(decodedFrame(frame), { temperatureTenths, humidityTenths: 0 });
    }
  });

  it('finds every single bit that flips', () => {
    fc.assert(
      fc.property(temperature, humidity, fc.nat(39), (temperatureTenths, humidityTenths, bit) => {
        const frame = encodeFrame(temperatureTenths, humidityTenths);
        frame[bit >> 3] = (frame[bit >> 3] as number) ^ (0x80 >> (bit & 7));
        assert.deepEqual(decodedFrame(frame), { fault: 'checksum', faultBit: -1 });
      }),
      RUNS,
    );
  });

  it('gives a value inside the range, or a fault, whatever the four bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const sum = bytes.reduce((total, byte) => total + byte, 0);
        const result = decodedFrame(Uint8Array.of(...bytes, sum & 0xff));
        if ('fault' in result) return assert.equal(result.fault, 'out-of-range', toHex(bytes));
        const { temperatureTenths, humidityTenths } = result;
        assert.ok(temperatureTenths >= -400 && temperatureTenths <= 800 && !Object.is(temperatureTenths, -0));
        assert.ok(humidityTenths >= 0 && humidityTenths <= 1000);
      }),
      RUNS,
    );
  });

  it('names the bit at which an answer breaks off, wherever it does', () => {
    const edges = edgesOf(encodeFrame(214, 452));
    for (let edgeCount = 3; edgeCount < ANSWER_EDGES - 1; edgeCount++) {
      const faultBit = Math.floor((edgeCount - 3) / 2);
      assert.deepEqual(decodedEdges(edges.slice(0, edgeCount)), { fault: 'bit-missing', faultBit });
    }
  });
});
