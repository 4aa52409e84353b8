// A board's serial line as a person has it: a pseudo-terminal (made by socat) that stands for the cable, and a terminal on it.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from './program.js';
import { until } from './until.js';

const LIMIT_MS = 10_000;

export class SerialPort {
  readonly #cable: Program;
  readonly #terminal: ChildProcess;
  /** Everything that the board said. */
  heard = '';

  private constructor(cable: Program, terminal: ChildProcess) {
    this.#cable = cable;
    this.#terminal = terminal;
    terminal.stdout?.on('data', (bytes: Buffer) => {
      this.heard += bytes;
    });
  }

  /** @param tcpPort where the simulator has the board's line */
  static async open(directory: string, tcpPort: number): Promise<SerialPort> {
    const path = join(directory, `serial-${tcpPort}`);
    const cable = new Program('socat', [`pty,link=${path},rawer`, `tcp:127.0.0.1:${tcpPort}`]);
    await until(() => existsSync(path), 'the pseudo-terminal is there', LIMIT_MS);
    return new SerialPort(cable, spawn('socat', ['stdio', `${path},rawer`], { stdio: ['pipe', 'pipe', 'ignore'] }));
  }

  /** Types a line, and waits for the answer. */
  async type(line: string): Promise<Record<string, unknown>> {
    const before = this.answers.length;
    this.#terminal.stdin?.write(`${line}\n`);
    await until(() => this.answers.length > before, `an answer to ${line}`, LIMIT_MS);
    return this.answers[before] as Record<string, unknown>;
  }

  get answers(): Record<string, unknown>[] {
    const lines = this.heard.split('\r\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    this.#terminal.kill('SIGKILL');
    await this.#cable.end('SIGKILL');
  }
}
