// Keeps the settings of a board in flash: one record, written by turns into two blocks, so that a power cut at any byte leaves the
// old record or the new one. The newest valid record counts, unless it was put on trial and rejected.
//
// A block:  offset 0   magic, with the version of this layout
//                  4   generation: the higher is the newer
//                  8   length of the payload in bytes
//                 12   CRC-32 (ISO-HDLC) of generation, length and payload
//                 16   payload: JSON in UTF-8, filled up with 0xFF to a multiple of 4
//           from the end   one word for each mark: 0xFFFFFFFF, and 0 once it is set
// All numbers have 32 bits, little-endian. Marks are set without erasing, because flash clears bits one by one.

import { utf8Length, writeUtf8 } from '../mqtt/utf8.js';
import { FLASH_BLOCK_BYTES, type Flash } from '../ports.js';
import { isObject, type JsonObject, parseObject } from './json.js';

/** `SMS1`: station-meteo settings, layout 1. */
const MAGIC = 0x31534d53;
const HEADER_BYTES = 16;
/** Words at the end of a block, and what each says. */
const MARKS = Object.freeze({ confirmed: 1, rejected: 2, settled: 3, firstStart: 4 } as const);
/** A trial that was started so often and never confirmed does not work, whatever kept it from being rejected. */
const TRIAL_STARTS_MAXIMUM = 3;
const MARKS_BYTES = 4 * (MARKS.firstStart + TRIAL_STARTS_MAXIMUM - 1);
/** Bytes of the longest payload. All settings at their longest take half of it. */
export const PAYLOAD_MAXIMUM_BYTES = FLASH_BLOCK_BYTES - HEADER_BYTES - MARKS_BYTES;

/** Bytes that are checked at once. */
const PIECE_BYTES = 64;

type Mark = Exclude<keyof typeof MARKS, 'firstStart'>;

/** What is stored: only what was set on this board, over what is built into its image. */
export interface SettingsRecord {
  readonly settings: JsonObject;
  /** Counts only while, or once, the broker was reached with it. */
  readonly isTrial: boolean;
  /** Topics that the station leaves behind, with `+` in the place of the quantity; empty where they stay the same. */
  readonly leaves: string;
  /** Home Assistant has been told of the station, and is to forget it. */
  readonly withdraws: boolean;
  /** The `id` of the command that asked for it, as JSON; empty where there was none. */
  readonly id: string;
}

export class SettingsStore {
  private readonly flash: Flash;
  /** Block of the record that counts; -1: there is none. */
  private block = -1;
  private generation = 0;
  /** Block of a record that was rejected and is newer than the one that counts; -1: there is none. */
  private rejectedBlock = -1;

  constructor(flash: Flash) {
    this.flash = flash;
    this.scan();
  }

  /** What counts; `undefined` where nothing is stored. */
  read(): SettingsRecord | undefined {
    return this.block < 0 ? undefined : this.parse(this.block);
  }

  /** What was rejected, until that is settled. */
  readRejected(): SettingsRecord | undefined {
    if (this.rejectedBlock < 0 || this.isMarked(this.rejectedBlock, 'settled')) return undefined;
    return this.parse(this.rejectedBlock);
  }

  /** Whether what had to be said and done after the last change has been. */
  get isSettled(): boolean {
    return this.block < 0 || this.isMarked(this.block, 'settled');
  }

  /** Whether the record that counts is a trial, and was not confirmed yet. */
  get isOnTrial(): boolean {
    return this.read()?.isTrial === true && !this.isMarked(this.block, 'confirmed');
  }

  /**
   * Stores `record` in the place of what counts, which is kept until the new one is whole, and where that is a trial until it is
   * confirmed. False where the flash failed, or the record is too long.
   */
  save(record: SettingsRecord): boolean {
    const text = JSON.stringify(record);
    if (utf8Length(text) > PAYLOAD_MAXIMUM_BYTES) return false;
    // What is on trial itself may give way, but what it would be rolled back to may not.
    const block = this.isOnTrial ? this.block : 1 - Math.max(this.block, 0);
    const generation = this.generation + 1;
    try {
      // An erase that is cut short may spare the record and take its marks: it must not count any more.
      this.flash.write(new Uint8Array(4), block * FLASH_BLOCK_BYTES);
      this.flash.eraseBlock(block);
      this.flash.write(frame(text, generation), block * FLASH_BLOCK_BYTES);
      this.scan();
    } catch {
      return false;
    }
    return this.generation === generation;
  }

  /** The board starts: counts that for a trial, and rejects one that was started too often. */
  begin(): void {
    if (!this.isOnTrial) return;
    for (let start = 0; start < TRIAL_STARTS_MAXIMUM; start++) {
      if (!this.isWordSet(this.block, MARKS.firstStart + start)) return this.setMark(this.block, MARKS.firstStart + start);
    }
    this.reject();
  }

  /** The trial has worked. */
  confirm(): void {
    this.setMark(this.block, MARKS.confirmed);
  }

  /** The trial has not worked: the record before it counts again. */
  reject(): void {
    this.setMark(this.block, MARKS.rejected);
    this.scan();
  }

  /** What had to be said and done after the last change has been. */
  settle(): void {
    if (this.rejectedBlock >= 0) this.setMark(this.rejectedBlock, MARKS.settled);
    if (this.block >= 0 && !this.isSettled) this.setMark(this.block, MARKS.settled);
  }

  // --- Blocks -------------------------------------------------------------------------------------------------------

  private scan(): void {
    this.block = -1;
    this.rejectedBlock = -1;
    this.generation = 0;
    let counting = 0;
    for (let block = 0; block < 2; block++) {
      const generation = this.generationOf(block);
      this.generation = Math.max(this.generation, generation);
      if (generation === 0) continue;
      if (this.isMarked(block, 'rejected')) this.rejectedBlock = block;
      else if (generation > counting) {
        this.block = block;
        counting = generation;
      }
    }
  }

  /** 1 or more, or 0 where the block holds no valid record. */
  private generationOf(block: number): number {
    const header = this.readBytes(block, 0, HEADER_BYTES);
    const length = word(header, 8);
    if (word(header, 0) !== MAGIC || length > PAYLOAD_MAXIMUM_BYTES) return 0;
    let crc = crc32(header.subarray(4, 12), 0);
    for (let at = 0; at < length; at += PIECE_BYTES) {
      crc = crc32(this.readBytes(block, HEADER_BYTES + at, Math.min(PIECE_BYTES, length - at)), crc);
    }
    return crc === word(header, 12) ? word(header, 4) : 0;
  }

  private parse(block: number): SettingsRecord | undefined {
    const length = word(this.readBytes(block, 8, 4), 0);
    const record = parseObject(this.readBytes(block, HEADER_BYTES, length));
    return record && isObject(record['settings']) ? (record as unknown as SettingsRecord) : undefined;
  }

  private isMarked(block: number, mark: Mark): boolean {
    return this.isWordSet(block, MARKS[mark]);
  }

  /** A mark that a power cut left half set is not set: it is set again. */
  private isWordSet(block: number, mark: number): boolean {
    return word(this.readBytes(block, FLASH_BLOCK_BYTES - 4 * mark, 4), 0) === 0;
  }

  private setMark(block: number, mark: number): void {
    this.flash.write(new Uint8Array(4), (block + 1) * FLASH_BLOCK_BYTES - 4 * mark);
  }

  private readBytes(block: number, offset: number, byteCount: number): Uint8Array {
    const bytes = new Uint8Array(byteCount);
    this.flash.read(bytes, block * FLASH_BLOCK_BYTES + offset);
    return bytes;
  }
}

/** Header and payload in one piece, filled up to whole words. */
function frame(text: string, generation: number): Uint8Array {
  const length = utf8Length(text);
  const bytes = new Uint8Array(HEADER_BYTES + 4 * Math.ceil(length / 4)).fill(0xff);
  setWord(bytes, 0, MAGIC);
  setWord(bytes, 4, generation);
  setWord(bytes, 8, length);
  writeUtf8(text, bytes, HEADER_BYTES);
  setWord(bytes, 12, crc32(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length), crc32(bytes.subarray(4, 12), 0)));
  return bytes;
}

function word(bytes: Uint8Array, at: number): number {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = bytes.subarray(at, at + 4);
  return (b0 | (b1 << 8) | (b2 << 16) | (b3 << 24)) >>> 0;
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  for (let index = 0; index < 4; index++) bytes[at + index] = value >>> (8 * index);
}

/** CRC-32 of `bytes`, behind what gave `before` (0: nothing). Bit by bit: a table would take a kilobyte. */
export function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
