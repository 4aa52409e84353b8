// Jobs of the DHT22's decoder: one answer of the sensor, undisturbed, and with edges that came late or not at all.

import { AnswerDecoder, EDGES_MAXIMUM } from '../../firmware/dht22/edges.js';
import { newMeasurement } from '../../firmware/dht22/frame.js';
import { DHT22_MODELS } from '../../firmware/dht22/model.js';
import { encodeFrame, writeEdges } from '../../firmware/platform/simulated/capture.js';

/** What the sensor says in both answers. */
const TEMPERATURE_TENTHS = -102;
const HUMIDITY_TENTHS = 652;

/** The edge that comes this late, in the middle of the answer, and the two that merge near its end. */
const LATE_EDGE = 40;
const LATE_US = 45;
const MERGED_EDGE = 70;

interface SensorAnswer {
  readonly edgesUs: Uint16Array;
  readonly edgeCount: number;
  /** Edges that have to be read around. */
  readonly disturbedEdges: number;
}

export const CLEAN_ANSWER = cleanAnswer();
export const DISTURBED_ANSWER = disturb(CLEAN_ANSWER);

function cleanAnswer(): SensorAnswer {
  const edgesUs = new Uint16Array(EDGES_MAXIMUM);
  return { edgesUs, edgeCount: writeEdges(encodeFrame(TEMPERATURE_TENTHS, HUMIDITY_TENTHS), edgesUs), disturbedEdges: 0 };
}

/** One edge late, and a pulse missing: three edges that are not where they belong. */
function disturb({ edgesUs, edgeCount }: SensorAnswer): SensorAnswer {
  const disturbedUs = edgesUs.slice();
  disturbedUs[LATE_EDGE] = (disturbedUs[LATE_EDGE] as number) + LATE_US;
  disturbedUs.copyWithin(MERGED_EDGE, MERGED_EDGE + 2, edgeCount);
  return { edgesUs: disturbedUs, edgeCount: edgeCount - 2, disturbedEdges: 3 };
}

/** Decodes `answer` `count` times; returns how often it was read right. */
export function decodeAnswer({ edgesUs, edgeCount, disturbedEdges }: SensorAnswer, count: number): string {
  const decoder = new AnswerDecoder(DHT22_MODELS.dht22, edgesUs);
  const measurement = newMeasurement();
  let right = 0;
  for (let done = 0; done < count; done++) {
    decoder.decode(edgeCount, measurement);
    const { fault, temperatureTenths, humidityTenths, repairedEdges } = measurement;
    const isAsSent = temperatureTenths === TEMPERATURE_TENTHS && humidityTenths === HUMIDITY_TENTHS;
    if (fault === undefined && isAsSent && repairedEdges === disturbedEdges) right++;
  }
  return String(right);
}
