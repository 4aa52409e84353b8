// One worker of the DHT22 benchmark: sends frames over a disturbed line and counts how each decoder reads them.

import { parentPort, workerData } from 'node:worker_threads';
import { AnswerDecoder } from '../../firmware/dht22/edges.js';
import { type Measurement, newMeasurement } from '../../firmware/dht22/frame.js';
import { DHT22_MODELS } from '../../firmware/dht22/model.js';
import { encodeFrame } from '../../firmware/platform/simulated/capture.js';
import { Chance } from '../model/chance.js';
import { DISTURBANCES, type DisturbanceName } from '../model/disturbances.js';
import { PulseLine } from '../model/pulse-line.js';
import { CLASSICS, decodeClassic } from './dht22-classic.js';

export interface Task {
  readonly disturbance: DisturbanceName;
  readonly seed: number;
  readonly frames: number;
}

/** How many frames a decoder read as they were sent, and as something else; the rest it refused. */
export interface Score {
  right: number;
  wrong: number;
}

/** Our decoder, and each of the classics in their order. */
export interface TaskResult {
  readonly own: Score;
  readonly classics: readonly Score[];
}

/** A frame as it was sent. */
interface Reading {
  readonly temperatureTenths: number;
  readonly humidityTenths: number;
}

const IMPOSTOR_TENTHS = 10;

function run({ disturbance, seed, frames }: Task): TaskResult {
  const chance = new Chance(seed);
  const line = new PulseLine(chance, DISTURBANCES[disturbance]);
  const decoder = new AnswerDecoder(DHT22_MODELS.dht22, line.edgesUs);
  const classics = Object.values(CLASSICS);
  const result = { own: newScore(), classics: classics.map(newScore) };
  const measurement = newMeasurement();
  for (let frame = 0; frame < frames; frame++) {
    const sent = drawReading(chance);
    line.send(encodeFrame(sent.temperatureTenths, sent.humidityTenths));
    decoder.decode(line.edgeCount, measurement);
    count(result.own, sent, measurement);
    for (let index = 0; index < classics.length; index++) {
      decodeClassic(classics[index] as (typeof classics)[number], line.edgesUs, line.edgeCount, measurement);
      count(result.classics[index] as Score, sent, measurement);
    }
  }
  return result;
}

/** Anything that the sensor can measure, but for 1 °C and 1 %RH: that is refused whoever sends it. */
function drawReading(chance: Chance): Reading {
  const temperatureTenths = chance.whole(-400, 800);
  const humidityTenths = chance.whole(0, 1000);
  if (temperatureTenths === IMPOSTOR_TENTHS && humidityTenths === IMPOSTOR_TENTHS) return drawReading(chance);
  return { temperatureTenths, humidityTenths };
}

function newScore(): Score {
  return { right: 0, wrong: 0 };
}

function count(score: Score, sent: Reading, measurement: Measurement): void {
  if (measurement.fault !== undefined) return;
  const { temperatureTenths, humidityTenths } = measurement;
  if (temperatureTenths === sent.temperatureTenths && humidityTenths === sent.humidityTenths) score.right++;
  else score.wrong++;
}

parentPort?.postMessage(run(workerData as Task));
