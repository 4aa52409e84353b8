// Talks with a station over its serial line, by the protocol of `firmware/station/serial-line.ts`: one object of JSON a line each way.

import { SerialPort } from 'serialport';
import { UserError } from '../user-error.js';

const BAUD_RATE = 115_200;

/** The ESP8266 keeps 128 bytes that nobody has read yet, and reads when it is not busy with its sensor: pieces, and pauses. */
const PIECE_BYTES = 48;
const PAUSE_MS = 15;

/** What a station says that is no answer: a chip's boot messages, and more. */
const LINE_MAXIMUM_CHARACTERS = 8_192;
const UNHEARD_MAXIMUM_LINES = 100;

export type StationAnswer = Readonly<Record<string, unknown>>;

export class StationLine {
  readonly #port: SerialPort;
  readonly #path: string;
  #rest = '';
  /** What came while nobody listened. */
  #unheard: string[] = [];
  #onLine: ((line: string) => void) | undefined;
  #onEnd: () => void = () => {};
  #isGone = false;

  private constructor(port: SerialPort, path: string) {
    this.#port = port;
    this.#path = path;
    port.setEncoding('utf8');
    port.on('data', (text: string) => this.#receive(text));
    port.on('close', () => {
      this.#isGone = true;
      this.#onEnd();
    });
    // `close` follows.
    port.on('error', () => {});
  }

  /** Throws `UserError` where the port cannot be opened. */
  static async open(path: string, command: string): Promise<StationLine> {
    const port = new SerialPort({ path, baudRate: BAUD_RATE, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) =>
        error ? reject(new UserError(`The port ${path} cannot be opened (${error.message}).`, command)) : resolve(),
      );
    });
    return new StationLine(port, path);
  }

  /** Calls `onLine` for each line that comes, and `onEnd` when the port is gone. */
  listen(onLine: (line: string) => void, onEnd: () => void): void {
    this.#onLine = onLine;
    this.#onEnd = onEnd;
    for (const line of this.#unheard.splice(0)) this.#hear(line);
    if (this.#isGone) this.#onEnd();
  }

  /** Writes `text` and the end of a line, as fast as the station takes it. */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(`${text}\n`);
    for (let start = 0; start < bytes.length && !this.#isGone; start += PIECE_BYTES) {
      await this.#writePiece(bytes.subarray(start, start + PIECE_BYTES));
    }
  }

  /**
   * Asks, and resolves to the answer that has the property `kind` or `error`; `undefined` where none comes within `limitMs`.
   * Without a request, waits for what the station says by itself, or has said since the last answer. Throws `UserError` where the port goes away.
   */
  ask(request: object | undefined, kind: string, limitMs: number): Promise<StationAnswer | undefined> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timeout);
        this.#onLine = undefined;
        this.#onEnd = () => {};
      };
      const timeout = setTimeout(() => {
        end();
        resolve(undefined);
      }, limitMs);
      const fail = () => {
        end();
        reject(new UserError(`The board at ${this.#path} was unplugged.`, 'npm run configure -- --port PORT'));
      };
      if (request) this.#unheard = [];
      this.listen((line) => {
        const answer = parseAnswer(line);
        if (!answer || !(kind in answer || 'error' in answer)) return;
        end();
        resolve(answer);
      }, fail);
      if (request) this.write(JSON.stringify(request)).catch(fail);
    });
  }

  async close(): Promise<void> {
    this.#onEnd = () => {};
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (lines.pop() as string).slice(0, LINE_MAXIMUM_CHARACTERS);
    for (const line of lines) if (line !== '') this.#hear(line);
  }

  #hear(line: string): void {
    if (this.#onLine) this.#onLine(line);
    else if (this.#unheard.length < UNHEARD_MAXIMUM_LINES) this.#unheard.push(line);
  }

  #writePiece(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#port.write(bytes);
      this.#port.drain((error) => (error ? reject(error) : setTimeout(resolve, PAUSE_MS)));
    });
  }
}

/** `undefined` for a line that is none of the protocol's. */
function parseAnswer(line: string): StationAnswer | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as StationAnswer;
  } catch {
    return undefined;
  }
}
