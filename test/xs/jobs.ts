// Jobs that run in XS and in Node alike: work of the firmware's core, done so many times. Their answers show whether it was done right.

import { MQTT_3_1_1, MQTT_5 } from '../../firmware/mqtt/protocol.js';
import { liveThroughOutage } from './board-job.js';
import { CLEAN_ANSWER, DISTURBED_ANSWER, decodeAnswer } from './dht22-jobs.js';
import { Exchange } from './exchange.js';
import { parseLongMessages, parsePubacks, receivePublish } from './receive-jobs.js';
import { storeReadings } from './spool-jobs.js';

/** Does its work `count` times. Where it is metered, it answers with how often that was done right, and with no more. */
type Job = (count: number) => string;

const JOBS = {
  'publish 5': (count) => new Exchange(MQTT_5, 1).publish(count),
  'publish 3.1.1': (count) => new Exchange(MQTT_3_1_1, 1).publish(count),
  'publish 5, window 20': (count) => new Exchange(MQTT_5, 20).publish(count),
  'transcript 5': (count) => new Exchange(MQTT_5, 20).transcript(count),
  'transcript 3.1.1': (count) => new Exchange(MQTT_3_1_1, 20).transcript(count),
  'transcript of a board': liveThroughOutage,
  'receive QoS 0': (count) => receivePublish(0, false, count),
  'receive QoS 1': (count) => receivePublish(1, false, count),
  'receive QoS 0, byte by byte': (count) => receivePublish(0, true, count),
  'parse PUBACK': parsePubacks,
  'parse a long message': parseLongMessages,
  'decode clean': (count) => decodeAnswer(CLEAN_ANSWER, count),
  'decode disturbed': (count) => decodeAnswer(DISTURBED_ANSWER, count),
  'store readings': storeReadings,
} as const satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;

/** `question` is the name of a job, a colon, and the count. */
export function runJob(question: string): string {
  const colon = question.lastIndexOf(':');
  return JOBS[question.slice(0, colon) as JobName](Number(question.slice(colon + 1)));
}
