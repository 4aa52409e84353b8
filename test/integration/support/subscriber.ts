// A real mosquitto_sub, connected straight to the broker: what it prints is what the world heard.

import type { Mosquitto } from './mosquitto.js';
import { LOOPBACK } from './port.js';
import { Program } from './program.js';
import type { HeardMessage } from './record.js';
import { until } from './until.js';

/** Its name at the broker. */
const CLIENT_ID = 'subscriber';

/** How long the broker is given to hand out what it retains. */
const RETAINED_SECONDS = 1;

const RETAINED_LIMIT_MS = 1_000 * RETAINED_SECONDS + 10_000;

/** One JSON object a line. */
const FORMAT = ['-F', '%j'];

const everythingOn = (port: number) => ['-h', LOOPBACK, '-p', String(port), '-q', '1', '-t', '#', ...FORMAT];

export class Subscriber {
  readonly #heard: HeardMessage[] = [];
  #program: Program | undefined;

  /** All messages since the first `listen`, in the order in which they came. */
  get heard(): readonly HeardMessage[] {
    return this.#heard;
  }

  /** Subscribes to everything on `broker`; resolves when the broker has acknowledged that. */
  async listen(broker: Mosquitto): Promise<void> {
    await this.stop();
    this.#program = new Program('mosquitto_sub', [...everythingOn(broker.port), '-i', CLIENT_ID], (line) => {
      this.#heard.push(parseLine(line));
    });
    await broker.acknowledgesSubscription(CLIENT_ID);
  }

  async stop(): Promise<void> {
    await this.#program?.end('SIGTERM');
    this.#program = undefined;
  }
}

/** What the broker at `port` retains. */
export async function readRetained(port: number): Promise<HeardMessage[]> {
  const program = new Program('mosquitto_sub', [...everythingOn(port), '--retained-only', '-W', String(RETAINED_SECONDS)]);
  await until(() => !program.isRunning, 'mosquitto_sub has read what is retained', RETAINED_LIMIT_MS);
  await program.end('SIGTERM');
  // What it says at the end of its time is no message.
  return program.lines.filter((line) => line.startsWith('{')).map(parseLine);
}

/** A message as `-F %j` prints it. */
function parseLine(line: string): HeardMessage {
  const { topic, payload, qos, retain } = JSON.parse(line) as { topic: string; payload: string; qos: number; retain: number };
  return { topic, payload, qos, isRetained: retain === 1 };
}
