// The real Mosquitto as a child process: on loopback, on a port picked at run time, with a configuration of its own.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'mocha';
import type { BrokerUnderTest } from './broker-under-test.js';
import { freePort } from './free-port.js';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Debian keeps servers where the PATH of an ordinary user does not look. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

const START_LIMIT_MS = 10_000;
const PORT_TRIES = 3;

/** A suite that needs Mosquitto: pending where it is absent, but in CI that is a failure. */
export function describeWithMosquitto(title: string, suite: () => void): void {
  if (isInstalled() || process.env['CI'] !== undefined) describe(title, suite);
  else describe.skip(`${title} (install the package mosquitto)`, suite);
}

export class Mosquitto implements BrokerUnderTest {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(port: number, child: ChildProcess, directory: string) {
    this.port = port;
    this.#child = child;
    this.#directory = directory;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts a broker: for everybody, or for the one login alone. */
  static async start(login?: Login): Promise<Mosquitto> {
    if (!isInstalled()) throw new Error('Mosquitto is absent: install the package mosquitto');
    for (let tries = 1; ; tries++) {
      try {
        return await Mosquitto.#startOn(await freePort(), login);
      } catch (error) {
        // Another program may have taken the port since it was found free.
        if (tries === PORT_TRIES) throw error;
      }
    }
  }

  static async #startOn(port: number, login: Login | undefined): Promise<Mosquitto> {
    const directory = mkdtempSync(join(tmpdir(), 'station-meteo-mosquitto-'));
    const configuration = join(directory, 'mosquitto.conf');
    writeFileSync(configuration, configure(port, directory, login));
    const child = spawn(find('mosquitto') as string, ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
    const broker = new Mosquitto(port, child, directory);
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes;
    });
    try {
      await answers(port, child);
    } catch (error) {
      await broker.close();
      throw new Error(`mosquitto did not start: ${said}`, { cause: error });
    }
    return broker;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exited;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function configure(port: number, directory: string, login: Login | undefined): string {
  const lines = [`listener ${port} 127.0.0.1`, 'persistence false', `user ${userInfo().username}`, 'log_dest stderr'];
  if (!login) return [...lines, 'allow_anonymous true', ''].join('\n');
  const passwords = join(directory, 'passwords');
  writeFileSync(passwords, `${login.user}:${login.password}\n`, { mode: 0o600 });
  // Hashes the file in place.
  execFileSync(find('mosquitto_passwd') as string, ['-U', passwords]);
  return [...lines, 'allow_anonymous false', `password_file ${passwords}`, ''].join('\n');
}

function isInstalled(): boolean {
  return find('mosquitto') !== undefined && find('mosquitto_passwd') !== undefined;
}

function find(program: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** Resolves when a connection to `port` is taken; rejects where the child ends before. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  const endsAtMs = performance.now() + START_LIMIT_MS;
  while (!(await isTaken(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (performance.now() > endsAtMs) throw new Error(`nothing answers on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
