// A serial line of two ends without hardware: a pair of pseudo-terminals, held together by socat.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { Program } from '../../integration/support/program.js';
import { until } from '../../integration/support/until.js';

const LIMIT_MS = 10_000;

export class PtyPair {
  readonly #socat: Program;
  readonly #board: SerialPort;
  /** The end that a command opens. */
  readonly path: string;

  private constructor(socat: Program, board: SerialPort, path: string) {
    this.#socat = socat;
    this.#board = board;
    this.path = path;
  }

  /** @param onBytes what comes to the board's end */
  static async open(folder: string, onBytes: (bytes: Buffer) => void): Promise<PtyPair> {
    const path = join(folder, 'port');
    const boardPath = join(folder, 'board');
    const end = (link: string) => `pty,raw,echo=0,link=${link}`;
    const socat = new Program('socat', [end(path), end(boardPath)]);
    await until(() => existsSync(path) && existsSync(boardPath), 'socat makes two pseudo-terminals', LIMIT_MS);
    const board = new SerialPort({ path: boardPath, baudRate: 115_200, autoOpen: false });
    await new Promise<void>((resolve, reject) => board.open((error) => (error ? reject(error) : resolve())));
    board.on('data', onBytes);
    // Unplugged: socat is gone.
    board.on('error', () => {});
    return new PtyPair(socat, board, path);
  }

  /** From the board. */
  send(bytes: Uint8Array | string): void {
    if (this.#board.isOpen) this.#board.write(bytes);
  }

  /** As when the cable is pulled: both ends are gone. */
  async unplug(): Promise<void> {
    await this.#socat.end('SIGKILL');
    if (this.#board.isOpen) await new Promise<void>((resolve) => this.#board.close(() => resolve()));
  }
}
