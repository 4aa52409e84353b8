// A real XS engine: the worker of @agoric/xsnap, which runs one module in a process of its own and meters what that takes. Spoken to in
// its own words, netstrings on two pipes, because its client would lock this process' globals down.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe } from 'mocha';
import { untilGone } from '../integration/support/program.js';

/** How to get the engine; from the top of the repository. */
export const INSTALL_COMMAND = 'npm ci --prefix test/xs';

const PLATFORM = process.platform === 'darwin' ? 'mac' : 'lin';

const WORKER = resolve(`test/xs/node_modules/@agoric/xsnap/xsnap-native/xsnap/build/bin/${PLATFORM}/release/xsnap-worker`);

/** A question that takes more ends the worker. Looked at each so many. */
const COMPUTE_MAXIMUM = 2_000_000_000;
const COMPUTE_INTERVAL = 1_000_000;

/** First character of what the worker is told: import a module; call `handleCommand`. */
const IMPORT = 'm';
const CALL = '?';

/** First character of what it answers: done, with a meter up to `METER_END` in front of the answer; or an exception. */
const DONE = '.';
const METER_END = '\x01';

/** The pipes to and from the worker, by its number for them. */
const TO_WORKER = 3;
const FROM_WORKER = 4;

export interface Answer {
  readonly text: string;
  /** What the engine's meter counted: steps of the engine, nearly all of them bytecodes. The same question takes the same each time. */
  readonly compute: number;
}

export function isEngineInstalled(): boolean {
  return existsSync(WORKER);
}

/** A suite that needs the engine: pending where it is not installed, and in CI a failure. */
export function describeWithEngine(title: string, suite: () => void): void {
  if (isEngineInstalled() || process.env['CI'] !== undefined) describe(title, suite);
  else describe.skip(`${title} (${INSTALL_COMMAND}, which needs make and a C compiler)`, suite);
}

export class XsEngine {
  readonly #worker: ChildProcess;
  readonly #exited: Promise<void>;
  #received = Buffer.alloc(0);
  #complaint = '';
  #onMessage: (message: string) => void = () => {};
  #onGone: () => void = () => {};

  /** Starts an engine and has it import `module`, which sets the global `handleCommand`. */
  static async start(module: URL): Promise<XsEngine> {
    const engine = new XsEngine();
    await engine.#say(`${IMPORT}${fileURLToPath(module)}`);
    return engine;
  }

  private constructor() {
    const limits = ['-l', String(COMPUTE_MAXIMUM), '-i', String(COMPUTE_INTERVAL)];
    const worker = spawn(WORKER, ['station-meteo', ...limits], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    this.#worker = worker;
    this.#exited = untilGone(worker).then(() => this.#onGone());
    worker.once('error', (error) => {
      this.#complaint += error.message;
    });
    worker.stderr?.on('data', (text) => {
      this.#complaint += text;
    });
    (worker.stdio[FROM_WORKER] as Readable).on('data', (bytes: Buffer) => this.#take(bytes));
    // What cannot be written because the worker is gone shows in its end.
    (worker.stdio[TO_WORKER] as Writable).on('error', () => {});
  }

  /** Has `handleCommand` answer `question`. One question at a time. */
  async ask(question: string): Promise<Answer> {
    const message = await this.#say(`${CALL}${question}`);
    const meterEnd = message.indexOf(METER_END);
    const { compute } = JSON.parse(message.slice(1, meterEnd)) as { compute: number };
    return { text: message.slice(meterEnd + 1), compute };
  }

  /** Ends the engine; resolves when it is gone. */
  async end(): Promise<void> {
    this.#worker.kill('SIGKILL');
    await this.#exited;
  }

  #say(text: string): Promise<string> {
    return new Promise((resolveAnswer, reject) => {
      const fail = (reason: string) => reject(new Error(`XS: ${reason}\n${this.#complaint}`));
      this.#onMessage = (message) => (message[0] === DONE ? resolveAnswer(message) : fail(message.slice(1)));
      this.#onGone = () => fail('the engine is gone');
      (this.#worker.stdio[TO_WORKER] as Writable).write(`${Buffer.byteLength(text)}:${text},`);
    });
  }

  /** Netstrings: the length in digits, a colon, so many bytes, a comma. */
  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    const start = this.#received.indexOf(':') + 1;
    const end = start + Number(this.#received.subarray(0, Math.max(0, start - 1)));
    if (start === 0 || this.#received.length <= end) return;
    const message = this.#received.toString('utf8', start, end);
    this.#received = this.#received.subarray(end + 1);
    this.#onMessage(message);
  }
}
