// Programs of the lab as students run them: processes with their output and their end; and a classroom, which ends with its test.

import { fileURLToPath } from 'node:url';
import type { BrokerUnderTest } from './broker-under-test.js';
import type { Test } from './in-parallel.js';
import { Listener } from './listener.js';
import { pythonWithPaho } from './paho.js';
import { Program } from './program.js';
import { until } from './until.js';

const WAIT_LIMIT_MS = 30_000;

const PYTHON_EMITTER = 'host-sim/exercises/python/emitter.py';

export type ExerciseName = 'emitter' | 'averages' | 'spy';

export class Exercise {
  readonly #program: Program;
  readonly #title: string;

  /** Starts a program with no login in its environment but `login`. */
  constructor(path: string, args: readonly string[], login: NodeJS.ProcessEnv) {
    const { PATH, SystemRoot } = process.env;
    const environment = { PATH, ...(SystemRoot !== undefined && { SystemRoot }), ...login };
    this.#program = new Program(path, args, () => {}, environment);
    this.#title = args.join(' ');
  }

  /** All that it has written so far, standard output and error. */
  get output(): string {
    return this.#program.lines.join('\n');
  }

  /** Resolves once `pattern` is in the output. */
  async prints(pattern: RegExp): Promise<void> {
    await this.#until(() => pattern.test(this.output), String(pattern));
  }

  /** Ends it as Ctrl-C does; resolves to its exit code. */
  async interrupt(): Promise<number | null> {
    this.#program.signal('SIGINT');
    return this.ends();
  }

  /** Resolves to its exit code when it has ended by itself. */
  async ends(): Promise<number | null> {
    await this.#until(() => !this.#program.isRunning, 'its end');
    return this.stop();
  }

  /** Ends what still runs, which only a failed test leaves behind; resolves when its output is read. */
  async stop(): Promise<number | null> {
    await this.#program.end('SIGKILL');
    return this.#program.exitCode;
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    await until(isSo, what, WAIT_LIMIT_MS).catch((error: Error) => {
      throw new Error(`${this.#title}: ${error.message}; it wrote:\n${this.output}`);
    });
  }
}

/** Who takes part in a test: a broker, programs, and a client that listens and speaks. */
export class Classroom {
  readonly #ends: (() => Promise<unknown>)[] = [];

  /** Keeps `end` for the end of the test; what came last ends first. */
  atEnd(end: () => Promise<unknown>): void {
    this.#ends.unshift(end);
  }

  async serve<Broker extends BrokerUnderTest>(starting: Promise<Broker>): Promise<Broker> {
    const broker = await starting;
    this.atEnd(() => broker.close());
    return broker;
  }

  async connect(url: string): Promise<Listener> {
    const listener = await Listener.connect(url);
    this.atEnd(() => listener.leave());
    return listener;
  }

  /** One of the programs on Node. */
  start(name: ExerciseName, args: readonly string[], login: NodeJS.ProcessEnv = {}): Exercise {
    const file = fileURLToPath(new URL(`../../../host-sim/exercises/${name}.js`, import.meta.url));
    return this.#run(process.execPath, [file, ...args], login);
  }

  startPython(args: readonly string[], login: NodeJS.ProcessEnv = {}): Exercise {
    return this.#run(pythonWithPaho ?? 'python3', [PYTHON_EMITTER, ...args], login);
  }

  #run(path: string, args: readonly string[], login: NodeJS.ProcessEnv): Exercise {
    const program = new Exercise(path, args, login);
    this.atEnd(() => program.stop());
    return program;
  }

  async leave(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}

/** A test with a classroom of its own. */
export function lesson(title: string, run: (classroom: Classroom) => Promise<void>): Test {
  return [
    title,
    async () => {
      const classroom = new Classroom();
      try {
        await run(classroom);
      } finally {
        await classroom.leave();
      }
    },
  ];
}
