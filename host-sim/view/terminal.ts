// The live view in a terminal: owns the screen and the keyboard from start to stop, and draws only what has changed.

import picocolors from 'picocolors';
import { renderFrame } from './frame.js';
import type { HouseControls, Snapshot } from './snapshot.js';
import type { Look } from './table.js';
import { clip } from './text.js';
import { wordsFor } from './words.js';

/** What the view needs of a `tty.WriteStream`. */
export interface ScreenOutput {
  readonly columns?: number;
  readonly rows?: number;
  readonly writableNeedDrain?: boolean;
  write(text: string): unknown;
  hasColors?(): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** What the view needs of a `tty.ReadStream`; a stream without raw mode is read as well. */
export interface KeyInput {
  setRawMode?(isRaw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
}

export interface TerminalViewOptions {
  readonly output: ScreenOutput;
  readonly input: KeyInput;
  readonly source: () => Snapshot;
  readonly controls: HouseControls;
  readonly environment: NodeJS.ProcessEnv;
  /** Lines that are shown at the start until a key is pressed, and again with `a`; by default none. */
  readonly card?: readonly string[];
}

const FRAME_MS = 250;
const CSI = '\x1b[';
const ALTERNATE_SCREEN = { enter: `${CSI}?1049h`, leave: `${CSI}?1049l` };
const CURSOR = { hide: `${CSI}?25l`, show: `${CSI}?25h`, home: `${CSI}H` };
/** Wrapping is off while the view is shown: a character wider than its computed width cannot move the lines below. */
const WRAPPING = { off: `${CSI}?7l`, on: `${CSI}?7h` };
/** Terminals that know this mode show a frame in one go; the others ignore it. */
const SYNCHRONIZED = { begin: `${CSI}?2026h`, end: `${CSI}?2026l` };
const ERASE_TO_END = { ofLine: `${CSI}K`, ofScreen: `${CSI}J` };

/** An escape sequence is one key; so is every other character. */
const KEY_PATTERN = /\p{Cc}(?:\[[\d;]*[A-Za-z~]|O[A-Z])|./gsu;
const PAGE_LENGTH = 10;
const STEPS: Readonly<Record<string, number>> = {
  '\x1b[A': -1,
  '\x1bOA': -1,
  k: -1,
  '\x1b[B': 1,
  '\x1bOB': 1,
  j: 1,
  '\x1b[5~': -PAGE_LENGTH,
  '\x1b[6~': PAGE_LENGTH,
};

export class TerminalView {
  readonly #options: TerminalViewOptions;
  readonly #look: Look;
  #timer: NodeJS.Timeout | undefined;
  #selected = 0;
  #shown = '';
  #showsCard: boolean;

  constructor(options: TerminalViewOptions) {
    const { environment, output } = options;
    const hasColors = !environment['NO_COLOR'] && environment['TERM'] !== 'dumb' && (output.hasColors?.() ?? true);
    this.#options = options;
    this.#showsCard = this.#card.length > 0;
    this.#look = { words: wordsFor(environment), colors: picocolors.createColors(hasColors) };
  }

  start(): void {
    if (this.#timer !== undefined) return;
    const { output, input } = this.#options;
    output.write(ALTERNATE_SCREEN.enter + CURSOR.hide + WRAPPING.off);
    output.on('resize', this.#redraw);
    input.setRawMode?.(true);
    input.on('data', this.#onKeys);
    input.resume();
    process.once('exit', this.#onExit);
    this.#timer = setInterval(() => this.draw(), FRAME_MS);
    this.#redraw();
  }

  /** Gives the terminal back as it was. */
  stop(): void {
    if (this.#timer === undefined) return;
    const { output, input } = this.#options;
    clearInterval(this.#timer);
    this.#timer = undefined;
    process.off('exit', this.#onExit);
    output.off('resize', this.#redraw);
    input.off('data', this.#onKeys);
    input.setRawMode?.(false);
    input.pause();
    output.write(WRAPPING.on + CURSOR.show + ALTERNATE_SCREEN.leave);
  }

  /** Shows the present state, where it looks different from what is shown. The view calls it four times a second. */
  draw(): void {
    const { output, source } = this.#options;
    // A terminal that reads slowly gets fewer frames, not a queue of old ones.
    if (output.writableNeedDrain) return;
    const snapshot = source();
    this.#selected = Math.max(0, Math.min(this.#selected, snapshot.rooms.length - 1));
    const { columns = 80, rows = 24 } = output;
    const lines = this.#showsCard
      ? [...this.#card, this.#look.words.anyKey].slice(0, rows).map((line) => clip(line, columns - 1))
      : renderFrame(snapshot, { columns, rows, selected: this.#selected, ...this.#look });
    const text = lines.map((line) => line + ERASE_TO_END.ofLine).join('\r\n');
    if (text === this.#shown) return;
    this.#shown = text;
    output.write(SYNCHRONIZED.begin + CURSOR.home + text + ERASE_TO_END.ofScreen + SYNCHRONIZED.end);
  }

  get #card(): readonly string[] {
    return this.#options.card ?? [];
  }

  /** A terminal may have moved or dropped what was shown. */
  readonly #redraw = (): void => {
    this.#shown = '';
    this.draw();
  };

  /** A program that ends by an error must not leave a terminal without cursor and echo. */
  readonly #onExit = (): void => this.stop();

  readonly #onKeys = (chunk: Uint8Array | string): void => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    for (const [key] of text.matchAll(KEY_PATTERN)) this.#press(key);
    if (this.#timer !== undefined) this.draw();
  };

  #press(key: string): void {
    const { source, controls } = this.#options;
    const { broker, rooms, isEnding } = source();
    // A second end is at once and loses readings: a key held down must not do that.
    const wasCard = this.#showsCard;
    this.#showsCard = key === 'a' && !wasCard && this.#card.length > 0;
    if (key === '\x03' || (key === 'q' && !isEnding)) controls.end();
    else if (wasCard) return;
    else if (key === 'b' && broker.isEmbedded) controls.toggleBroker();
    else if (key === 'w') {
      const room = rooms[this.#selected];
      if (room !== undefined) controls.toggleWifi(room.room);
    } else this.#selected = Math.max(0, Math.min(this.#selected + (STEPS[key] ?? 0), rooms.length - 1));
  }
}
