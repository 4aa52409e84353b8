// The simulator as its user starts it: a child process, with its output, its events and its end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AcknowledgedEvent, LinkEvent, ReadingEvent, ReadyEvent, Summary } from '../../../host-sim/reporter.js';

const MAIN = fileURLToPath(new URL('../../../host-sim/main.js', import.meta.url));

/** Ports of the embedded broker: any that are free. */
export const BROKER_ON_ANY_PORTS = ['--mqtt-port', '0', '--ws-port', '0'] as const;

/** The same, without a page, which has tests of its own. */
export const ANY_PORTS = [...BROKER_ON_ANY_PORTS, '--no-page'] as const;

export type SimulatorEvent =
  | ({ readonly event: 'ready' } & ReadyEvent)
  | ({ readonly event: 'link' } & LinkEvent)
  | ({ readonly event: 'reading' } & ReadingEvent)
  | ({ readonly event: 'acknowledged' } & AcknowledgedEvent)
  | ({ readonly event: 'summary' } & Summary);

type EventOf<Name extends SimulatorEvent['event']> = Extract<SimulatorEvent, { readonly event: Name }>;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const WAIT_LIMIT_MS = 15_000;

/** A home of its own for the installation's id, so that tests do not touch the user's. Whoever lives there ends with it. */
export class TemporaryHome {
  readonly directory = mkdtempSync(join(tmpdir(), 'station-meteo-home-'));
  readonly simulators: Simulator[] = [];

  /** Ends what still runs, which only a failed test leaves behind. */
  async remove(): Promise<void> {
    await Promise.all(this.simulators.map((simulator) => simulator.end('SIGKILL')));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export class Simulator {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and all its output was read. */
  readonly ended: Promise<Ending>;
  stdout = '';
  stderr = '';
  readonly #onOutput = new Set<() => void>();

  private constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (bytes: Buffer) => this.#take('stdout', bytes));
    child.stderr?.on('data', (bytes: Buffer) => this.#take('stderr', bytes));
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** Starts `program` with `args`; of the environment it gets no more than it needs, and `environment`. */
  static start(
    home: TemporaryHome,
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    program: string = MAIN,
  ): Simulator {
    const { directory } = home;
    // env-paths looks at the first on Linux, at the others on macOS and Windows.
    const homes = {
      XDG_CONFIG_HOME: directory,
      XDG_DATA_HOME: join(directory, 'data'),
      HOME: directory,
      APPDATA: directory,
      LOCALAPPDATA: directory,
    };
    const { PATH, SystemRoot } = process.env;
    const env = { PATH, ...(SystemRoot !== undefined && { SystemRoot }), ...homes, ...environment };
    const simulator = new Simulator(spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    home.simulators.push(simulator);
    return simulator;
  }

  /** What a run with `--json` has told so far. */
  get events(): SimulatorEvent[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as SimulatorEvent);
  }

  eventsOf<Name extends SimulatorEvent['event']>(name: Name): EventOf<Name>[] {
    return this.events.filter((event): event is EventOf<Name> => event.event === name);
  }

  /** The first `ready`. */
  async ready(): Promise<ReadyEvent> {
    await this.until(() => this.eventsOf('ready').length > 0, 'ready');
    return this.eventsOf('ready')[0] as ReadyEvent;
  }

  /** Resolves as soon as `isEnough` holds, asked again at each output. */
  until(isEnough: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#onOutput.delete(look);
        clearTimeout(limit);
        finish();
      };
      const look = () => {
        if (isEnough()) settle(resolve);
      };
      const fail = () => settle(() => reject(new Error(`not seen: ${what}; stdout: ${this.stdout} stderr: ${this.stderr}`)));
      const limit = setTimeout(fail, WAIT_LIMIT_MS);
      this.#onOutput.add(look);
      void this.ended.then(() => (isEnough() ? settle(resolve) : fail()));
      look();
    });
  }

  /** Sends `signal`, and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<Ending> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }

  #take(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this[stream] += bytes;
    for (const look of this.#onOutput) look();
  }
}
