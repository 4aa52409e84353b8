// What each message in flight is made of, so that it can be built again (design §4): three words a message, in one array,
// because an object for each would take eight times as much of a board's memory.

/** What a message carries. The first three are streams of readings; each has a cursor in the spool. */
export const Kind = Object.freeze({ temperature: 1, humidity: 2, readings: 3, online: 4, offline: 5, info: 6, notice: 7 } as const);
export type Kind = (typeof Kind)[keyof typeof Kind];

const WORDS = 3;
const COUNT_SHIFT = 8;
const RETAIN = 0x1_0000;

export class Records {
  /** A record: kind (0: free), count and retain flag; first seq; clock offset (0: unset). */
  private readonly words: Uint32Array;

  /** @param capacity most messages in flight. */
  constructor(capacity: number) {
    this.words = new Uint32Array(WORDS * capacity);
  }

  get capacity(): number {
    return this.words.length / WORDS;
  }

  /** Tag of a free record; `capacity` where there is none. */
  get freeTag(): number {
    let tag = 0;
    while (this.kind(tag) !== undefined) tag++;
    return tag;
  }

  /**
   * @param firstSeq of a reading, or the number of a notice
   * @param clockOffsetSeconds the clock at the first send; `undefined` was unset
   */
  put(tag: number, kind: Kind, firstSeq: number, count: number, clockOffsetSeconds: number | undefined, retain: boolean): void {
    const at = WORDS * tag;
    this.words[at] = kind | (count << COUNT_SHIFT) | (retain ? RETAIN : 0);
    this.words[at + 1] = firstSeq;
    this.words[at + 2] = clockOffsetSeconds ?? 0;
  }

  free(tag: number): void {
    this.words[WORDS * tag] = 0;
  }

  clear(): void {
    this.words.fill(0);
  }

  /** `undefined` where the record is free. */
  kind(tag: number): Kind | undefined {
    return ((this.words[WORDS * tag] ?? 0) & 0xff || undefined) as Kind | undefined;
  }

  count(tag: number): number {
    return ((this.words[WORDS * tag] as number) >> COUNT_SHIFT) & 0xff;
  }

  retain(tag: number): boolean {
    return ((this.words[WORDS * tag] as number) & RETAIN) !== 0;
  }

  firstSeq(tag: number): number {
    return this.words[WORDS * tag + 1] as number;
  }

  clockOffsetSeconds(tag: number): number | undefined {
    return this.words[WORDS * tag + 2] || undefined;
  }

  /** Seq of the first reading (number of the first notice) of this kind in flight, or infinity. */
  earliest(kind: Kind): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (let tag = 0; tag < this.capacity; tag++) {
      if (this.kind(tag) === kind) earliest = Math.min(earliest, this.firstSeq(tag));
    }
    return earliest;
  }
}
