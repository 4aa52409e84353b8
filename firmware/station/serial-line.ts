// Sets a station up over its serial line, by a program or by hand in a terminal with local echo (115200 baud, 8N1): one object of
// JSON a line each way, in UTF-8. A line ends with CR, LF or both; an answer ends with CR LF. Lines that do not begin with `{` are none
// of ours, but what a chip says as it starts.
//
//   {"get":"settings"}          {"settings":{"room":"bureau","wifiPassword":true,…}}   of a secret, only whether there is one
//   {"get":"info"}              {"info":{"station":"a4cf12f0a1b2","room":"bureau","network":"up","broker":"online",…}}
//   {"set":{"room":"bureau"}}   {"ok":true}, stored whole or not at all; null takes back what was set on this board
//   {"restart":true}            {"ok":true}, and the board restarts: only then what was set takes effect
//   anything else               {"error":"…"}
//
// At its start the station says {"info":…} by itself: a board that opening the port has reset is ready then.

import { EMPTY } from '../mqtt/protocol.js';
import { utf8Length, writeUtf8 } from '../mqtt/utf8.js';
import type { Serial, SerialConstructor } from '../ports.js';
import { isObject, type JsonObject, parseObject } from './json.js';
import { SettingError } from './settings.js';

/** Longest line that is taken. All settings at their longest, in one line, take less. */
export const LINE_MAXIMUM_BYTES = 2_048;
/** A line is kept in a buffer that grows: there is none while nobody types. */
const LINE_INITIAL_BYTES = 64;
/** Answers that nobody takes. */
const OUTPUT_MAXIMUM_BYTES = 4_096;

const LF = 0x0a;
const CR = 0x0d;

/** What the line acts on. */
export interface SerialTarget {
  /** Settings for people: of a secret, only whether there is one. */
  describeSettings(): JsonObject;
  describeStation(): JsonObject;
  /** Stores `changes`. Throws `SettingError` for what is not allowed. */
  store(changes: JsonObject): void;
  restart(): void;
  /** Lines were taken in: the owner takes its turn. */
  onActivity(): void;
}

export class SerialLine {
  private readonly serial: Serial;
  private readonly target: SerialTarget;
  private line: Uint8Array = EMPTY;
  private length = 0;
  private isTooLong = false;
  /** What is still to be written. */
  private output: Uint8Array = EMPTY;
  private room = 0;

  constructor(io: SerialConstructor, target: SerialTarget) {
    this.target = target;
    this.serial = new io({
      onReadable: (byteCount) => this.onReadable(byteCount),
      onWritable: (byteCount) => {
        this.room = byteCount;
        this.flush();
      },
    });
  }

  /** Whether every answer has been handed to the line. */
  get isIdle(): boolean {
    return this.output.length === 0;
  }

  /** Says who is here. */
  announce(): void {
    this.say({ info: this.target.describeStation() });
  }

  // --- Lines that come in -------------------------------------------------------------------------------------------

  private onReadable(byteCount: number): void {
    const bytes = new Uint8Array(byteCount);
    this.serial.read(bytes);
    for (const byte of bytes) {
      if (byte === CR || byte === LF) this.finishLine();
      else this.append(byte);
    }
    this.target.onActivity();
  }

  private append(byte: number): void {
    if (this.length === LINE_MAXIMUM_BYTES) this.isTooLong = true;
    if (this.isTooLong) return;
    if (this.length === this.line.length) {
      const longer = new Uint8Array(Math.max(LINE_INITIAL_BYTES, 2 * this.length));
      longer.set(this.line);
      this.line = longer;
    }
    this.line[this.length++] = byte;
  }

  private finishLine(): void {
    const line = this.line.subarray(0, this.length);
    const isTooLong = this.isTooLong;
    this.line = EMPTY;
    this.length = 0;
    this.isTooLong = false;
    if (isTooLong) this.say({ error: `a line has at most ${LINE_MAXIMUM_BYTES} bytes` });
    // CR LF ends one line, not two.
    else if (line.length > 0) this.say(this.answer(parseObject(line)));
  }

  private answer(request: JsonObject | undefined): JsonObject {
    const usage = 'say {"get":"settings"}, {"get":"info"}, {"set":{…}} or {"restart":true}';
    if (!request) return { error: `that is no object of JSON; ${usage}` };
    const { get, set, restart } = request;
    if (get === 'settings') return { settings: this.target.describeSettings() };
    if (get === 'info') return { info: this.target.describeStation() };
    if (isObject(set)) return this.storeChanges(set);
    if (restart !== true) return { error: usage };
    this.target.restart();
    return { ok: true };
  }

  private storeChanges(changes: JsonObject): JsonObject {
    try {
      this.target.store(changes);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      return { error: error.message };
    }
  }

  // --- Answers ------------------------------------------------------------------------------------------------------

  private say(answer: JsonObject): void {
    const text = `${JSON.stringify(answer)}\r\n`;
    const before = this.output;
    const length = before.length + utf8Length(text);
    // Nobody reads: whoever comes later asks again.
    if (length > OUTPUT_MAXIMUM_BYTES) return;
    this.output = new Uint8Array(length);
    this.output.set(before);
    writeUtf8(text, this.output, before.length);
    this.flush();
  }

  private flush(): void {
    const byteCount = Math.min(this.room, this.output.length);
    if (byteCount === 0) return;
    this.room -= byteCount;
    const bytes = this.output.subarray(0, byteCount);
    this.output = byteCount === this.output.length ? EMPTY : this.output.subarray(byteCount);
    this.serial.write(bytes);
  }
}
