// Runs the DHT22 vectors, and holds the decoder to what the simulated sensor sends for any reading.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { AnswerDecoder, EDGES_MAXIMUM } from '../../firmware/dht22/edges.js';
import { decodeFrame, type Measurement } from '../../firmware/dht22/frame.js';
import { DHT22_MODELS, type Dht22Model } from '../../firmware/dht22/model.js';
import { encodeFrame, writeEdges } from '../../firmware/platform/simulated/capture.js';
import { type Dht22Result, FRAME_VECTORS, PULSE_VECTORS } from './dht22-vectors.js';
import { hex, toHex } from './hex.js';

/** Falling and rising edge of the response, of each bit, and of the closing low. */
const ANSWER_EDGES = 84;

const RUNS = { seed: 20_251_122, numRuns: 1_000 } as const;

function measure(fill: (measurement: Measurement) => void): Dht22Result {
  // What an earlier read has left must not show.
  const measurement: Measurement = {
    fault: undefined,
    faultBit: 17,
    temperatureTenths: 12_345,
    humidityTenths: 12_345,
    repairedEdges: 0,
  };
  fill(measurement);
  const { fault, faultBit, temperatureTenths, humidityTenths, repairedEdges } = measurement;
  return fault === undefined ? { temperatureTenths, humidityTenths, repairedEdges } : { fault, faultBit };
}

const decodedFrame = (frame: Uint8Array, model: Dht22Model = 'dht22') =>
  measure((measurement) => decodeFrame(frame, DHT22_MODELS[model], measurement));

function decodedEdges(edgesUs: readonly number[], model: Dht22Model = 'dht22'): Dht22Result {
  return measure((measurement) => {
    const captured = new Uint16Array(EDGES_MAXIMUM);
    const decoder = new AnswerDecoder(DHT22_MODELS[model], captured);
    // The edges of an earlier read lie behind those of this one: they must not complete it, nor what was made of them.
    decoder.decode(writeEdges(encodeFrame(214, 452), captured), measurement);
    captured.set(edgesUs);
    decoder.decode(edgesUs.length, measurement);
  });
}

const temperature = fc.integer({ min: -400, max: 800 });
const humidity = fc.integer({ min: 11, max: 1000 });

function edgesOf(frame: Uint8Array): number[] {
  const edgesUs = new Uint16Array(EDGES_MAXIMUM);
  return [...edgesUs.subarray(0, writeEdges(frame, edgesUs))];
}

describe('DHT22 vectors: frames', () => {
  for (const { reason, bytes, result, model = 'dht22' } of FRAME_VECTORS) {
    it(`${model} ${bytes}: ${reason}`, () => assert.deepEqual(decodedFrame(hex(bytes), model), result));
  }
});

describe('DHT22 vectors: pulses', () => {
  for (const { reason, edgesUs, result, model = 'dht22' } of PULSE_VECTORS) {
    it(`${edgesUs.length} edges: ${reason}`, () => assert.deepEqual(decodedEdges(edgesUs, model), result));
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
        assert.deepEqual(result, { temperatureTenths, humidityTenths, repairedEdges: 0 });
      }),
      RUNS,
    );
  });

  it("reads every temperature below zero from two's complement, too", () => {
    for (let temperatureTenths = -400; temperatureTenths < 0; temperatureTenths++) {
      const raw = temperatureTenths & 0xffff;
      const sum = (raw >> 8) + (raw & 0xff);
      const frame = Uint8Array.of(0, 0, raw >> 8, raw & 0xff, sum & 0xff);
      assert.deepEqual(decodedFrame(frame), { temperatureTenths, humidityTenths: 0, repairedEdges: 0 });
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
        if ('fault' in result) return assert.match(result.fault, /^(?:out-of-range|impostor)$/, toHex(bytes));
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

  it('gives the reading that was sent, or none, whatever two edges are moved or missing', () => {
    const edge = fc.nat(ANSWER_EDGES - 2);
    fc.assert(
      fc.property(temperature, humidity, edge, fc.integer({ min: -30, max: 90 }), edge, (t, h, moved, byUs, missing) => {
        const edges = edgesOf(encodeFrame(t, h));
        edges[moved] = Math.max(0, (edges[moved] as number) + byUs);
        const result = decodedEdges(edges.toSpliced(missing, 2));
        if ('fault' in result) return;
        assert.deepEqual([result.temperatureTenths, result.humidityTenths], [t, h]);
      }),
      RUNS,
    );
  });
});
