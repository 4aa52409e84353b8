// The MQTT benchmark: our codec beside mqtt-packet, and our client beside MQTT.js on a Mosquitto of its own, in turn and in the same run.

import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { EXIT_USAGE, UserError } from '../../host-sim/user-error.js';
import { Mosquitto } from '../integration/support/mosquitto.js';
import { missingPackages } from '../integration/support/program.js';
import { type Figure, figure, type Report } from './figure.js';
import type { ClientName, RunResult, RunTask } from './mqtt-client-worker.js';
import { CODECS, type CodecName } from './mqtt-codec.js';

/** Each figure is the median of so many rounds; in each round both sides run, one behind the other. */
const ROUNDS = 7;

const CODEC_MESSAGES = 200_000;
const WARM_UP_MESSAGES = 50_000;

/** By the window: a client with one message in flight waits for the broker each time. */
const CLIENT_MESSAGES: Readonly<Record<number, number>> = { 1: 10_000, 20: 40_000 };

/** New objects stay where they were made until a run is over, so that what is in use has grown by what was allocated. */
const SEMI_SPACE_MB = 512;

/** Figures `codec.encode`, `codec.parse` and `qos1.window…` in messages a second, `publish.bytes` in bytes a message. */
export async function benchMqtt(args: readonly string[], report: Report): Promise<readonly Figure[]> {
  if (args.length > 0) throw new UserError(`${JSON.stringify(args[0])} is not allowed here.`, 'npm run bench -- mqtt', EXIT_USAGE);
  const missing = missingPackages([['mosquitto', 'mosquitto']]);
  if (missing.length > 0) throw new UserError(`This benchmark needs Mosquitto.`, `apt-get install ${missing.join(' ')}`);
  const codec = [measureCodec('encode', report), measureCodec('parse', report)];
  const broker = await Mosquitto.serve();
  try {
    return [...codec, ...(await measureClients(broker.port, report))];
  } finally {
    await broker.close();
  }
}

function measureCodec(name: CodecName, report: Report): Figure {
  const { own, peer } = CODECS[name];
  own(WARM_UP_MESSAGES);
  peer(WARM_UP_MESSAGES);
  const rates = { own: [] as number[], peer: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.own.push(rateOf(own));
    rates.peer.push(rateOf(peer));
  }
  report(`codec.${name}: ${ROUNDS} rounds of ${CODEC_MESSAGES} messages`);
  return figure(`codec.${name}`, median(rates.own), 'messages/s', 'mqtt-packet', median(rates.peer));
}

function rateOf(run: (messages: number) => void): number {
  const startedMs = performance.now();
  run(CODEC_MESSAGES);
  return (CODEC_MESSAGES * 1000) / (performance.now() - startedMs);
}

async function measureClients(port: number, report: Report): Promise<Figure[]> {
  setFlagsFromString('--expose-gc');
  setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MB}`);
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
  const figures: Figure[] = [];
  const bytes = { own: [] as number[], peer: [] as number[] };
  for (const window of [1, 20]) {
    const messages = CLIENT_MESSAGES[window] as number;
    const rates = { own: [] as number[], peer: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, client] of [
        ['own', 'station'],
        ['peer', 'MQTT.js'],
      ] as const satisfies readonly (readonly ['own' | 'peer', ClientName])[]) {
        const result = await runClient({ client, port, window, messages });
        rates[side].push(result.messagesPerSecond);
        bytes[side].push(result.bytesPerMessage);
      }
      report(`qos1.window${window}: round ${round + 1} of ${ROUNDS}`);
    }
    figures.push(figure(`qos1.window${window}`, median(rates.own), 'messages/s', 'MQTT.js', median(rates.peer)));
  }
  return [...figures, lessIsBetter('publish.bytes', median(bytes.own), 'bytes/message', 'MQTT.js', median(bytes.peer))];
}

function runClient(task: RunTask): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mqtt-client-worker.js', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** `ratio` is how many times better: where less is better, the peer's value by ours. */
function lessIsBetter(name: string, value: number, unit: string, peer: string, peerValue: number): Figure {
  return { ...figure(name, value, unit, peer, peerValue), ratio: value === 0 ? null : peerValue / value };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] as number;
}
