// Store and forward: the bounded ring of readings that wait for the broker. A reading takes 8 bytes; its seq is its place.
// Each stream has a cursor: the first reading that it still needs. What all cursors have passed leaves the ring.

import { ContractError } from '../errors.js';

/** Bytes of a stored reading: uptime (32 bits), temperature and humidity (16 bits each). */
export const READING_BYTES = 8;

/** Marks a reading that was given up, in its humidity: that takes 10 bits, and is never negative. */
const GIVEN_UP = 0x4000;

/** Which reading gives way when the ring is full. */
export type OverflowPolicy = 'oldest' | 'newest';

export interface SpoolOptions {
  /** Most readings held, 1 or more. */
  readonly capacity: number;
  readonly overflow: OverflowPolicy;
  /** How many cursors the readings wait for, 1 or more. */
  readonly cursorCount: number;
  readonly listener: SpoolListener;
}

export interface SpoolListener {
  /** A reading has left, passed by all cursors and given up by none. */
  onDelivered(seq: number): void;
}

export class Spool {
  private readonly capacity: number;
  private readonly overflow: OverflowPolicy;
  private readonly listener: SpoolListener;
  // Two views of one buffer: [uptime:u32][temperature:i16][humidity:i16].
  private readonly words: Uint32Array;
  private readonly halves: Int16Array;
  private readonly cursors: Float64Array;
  private _firstSeq = 0;
  private _nextSeq = 0;
  private _dropped = 0;

  constructor(options: SpoolOptions) {
    if (options.capacity < 1 || options.cursorCount < 1) throw new ContractError('a spool has room and a reader');
    const buffer = new ArrayBuffer(options.capacity * READING_BYTES);
    this.capacity = options.capacity;
    this.overflow = options.overflow;
    this.listener = options.listener;
    this.words = new Uint32Array(buffer);
    this.halves = new Int16Array(buffer);
    this.cursors = new Float64Array(options.cursorCount);
  }

  /** Seq of the oldest reading held; equal to `nextSeq` where there is none. */
  get firstSeq(): number {
    return this._firstSeq;
  }

  /** Seq that the next reading will have. */
  get nextSeq(): number {
    return this._nextSeq;
  }

  /** Readings held. */
  get length(): number {
    return this._nextSeq - this._firstSeq;
  }

  /** Readings lost since the start: to overflow, or given up. */
  get dropped(): number {
    return this._dropped;
  }

  /**
   * Stores a reading. Where the ring is full, the oldest one is dropped, or (policy `newest`) this one, which then takes no
   * seq; either is counted. Returns whether the reading was stored.
   */
  append(uptimeSeconds: number, temperatureTenths: number, humidityTenths: number): boolean {
    if (this.length === this.capacity) {
      this._dropped++;
      if (this.overflow === 'newest') return false;
      this._firstSeq++;
      for (let cursor = 0; cursor < this.cursors.length; cursor++) {
        if (this.cursor(cursor) < this._firstSeq) this.cursors[cursor] = this._firstSeq;
      }
    }
    const slot = this._nextSeq % this.capacity;
    this.words[2 * slot] = uptimeSeconds;
    this.halves[4 * slot + 2] = temperatureTenths;
    this.halves[4 * slot + 3] = humidityTenths;
    this._nextSeq++;
    return true;
  }

  /** When the reading was measured, in whole seconds since the start. */
  uptimeSeconds(seq: number): number {
    return this.words[2 * this.slot(seq)] as number;
  }

  /** 0.1 °C. */
  temperatureTenths(seq: number): number {
    return this.halves[4 * this.slot(seq) + 2] as number;
  }

  /** 0.1 %RH, 0 to 1,000. */
  humidityTenths(seq: number): number {
    return (this.halves[4 * this.slot(seq) + 3] as number) & ~GIVEN_UP;
  }

  /** A cursor will pass this reading without having delivered it: when it leaves, it counts as dropped. */
  giveUp(seq: number): void {
    const at = 4 * this.slot(seq) + 3;
    this.halves[at] = (this.halves[at] as number) | GIVEN_UP;
  }

  /** Seq of the first reading that stream `cursor` still needs. */
  cursor(cursor: number): number {
    return this.cursors[cursor] as number;
  }

  /** Stream `cursor` needs nothing before `seq` any more. A cursor never goes back. */
  advance(cursor: number, seq: number): void {
    if (seq > this._nextSeq) throw new ContractError(`cursor ${cursor} to ${seq}, but the next reading is ${this._nextSeq}`);
    if (seq <= this.cursor(cursor)) return;
    this.cursors[cursor] = seq;
    let slowest = this._nextSeq;
    for (const position of this.cursors) if (position < slowest) slowest = position;
    while (this._firstSeq < slowest) this.leave();
  }

  /** The oldest reading leaves. */
  private leave(): void {
    const seq = this._firstSeq++;
    const isGivenUp = ((this.halves[4 * (seq % this.capacity) + 3] as number) & GIVEN_UP) !== 0;
    if (isGivenUp) this._dropped++;
    else this.listener.onDelivered(seq);
  }

  private slot(seq: number): number {
    if (seq < this._firstSeq || seq >= this._nextSeq) {
      throw new ContractError(`reading ${seq} is not held: ${this._firstSeq} to ${this._nextSeq - 1} are`);
    }
    return seq % this.capacity;
  }
}
