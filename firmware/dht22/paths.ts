// The ways in which an answer can be understood so far: a short list, best ones only, in one block of memory that is allocated once.

/** Ways that are followed at a time. An undisturbed answer needs one; where edges are late or missing, a few live for some bits. */
const PATHS_MAXIMUM = 7;

/** A way so much dearer than the best one is given up. */
export const RIVAL_COST = 10;

/** Fields of a path, each one a number. */
export const NEXT_EDGE = 0;
/** When the sensor made its last edge, as far as can be told, in µs. */
export const SENT_US = 1;
/** How unlikely this way is: a sum of negative logarithms. */
export const COST = 2;
/** How many edges were late, lost or too many. */
export const REPAIRED_EDGES = 3;
/** The bit in which the first of those was. */
export const FIRST_REPAIRED_BIT = 4;
/** 1 while an edge is merged with the one that comes next. */
export const IS_MERGING = 5;
/** Bits 0 to 23, and bits 24 to 39: whole numbers that a float of 32 bits can hold. */
const HEAD = 6;
const HEAD_BITS = 24;
const TAIL = 7;
const FIELDS = 8;

/** Where the fields of the path begin that is being made. */
export const DRAFT = 2 * PATHS_MAXIMUM * FIELDS;

/** Bytes of memory that paths take. */
export const PATHS_BYTES = Float32Array.BYTES_PER_ELEMENT * (DRAFT + FIELDS);

/** Two generations of paths: those up to the last edge, and those that lead on from there. */
export class Paths {
  readonly fields: Float32Array;
  /** Paths up to the last edge, and the cost of the best. */
  count = 0;
  bestCost = 0;
  /** How much dearer than the best was the best path that there was no room for. */
  droppedMargin = Number.POSITIVE_INFINITY;
  private first = 0;
  private nextFirst = PATHS_MAXIMUM * FIELDS;
  private nextCount = 0;
  private nextBestCost = Number.POSITIVE_INFINITY;

  /** @param memory at least `PATHS_BYTES`; what is in it counts only from `clear` until the answer is decoded. */
  constructor(memory: ArrayBuffer) {
    this.fields = new Float32Array(memory, 0, DRAFT + FIELDS);
  }

  /** Forgets all paths. */
  clear(): void {
    this.droppedMargin = Number.POSITIVE_INFINITY;
    this.nextCount = 0;
    this.nextBestCost = Number.POSITIVE_INFINITY;
    this.fields.fill(0, DRAFT);
  }

  /** Where the fields of path `index` of those up to the last edge begin. */
  at(index: number): number {
    return this.first + index * FIELDS;
  }

  /** Whether a path that leads on at this cost would be given up at once. */
  isTooDear(cost: number): boolean {
    return cost > this.nextBestCost + RIVAL_COST;
  }

  /** Begins a draft that leads on from `path`. */
  draft(path: number): void {
    const { fields } = this;
    for (let field = 0; field < FIELDS; field++) fields[DRAFT + field] = fields[path + field] as number;
  }

  /** Appends bit number `index` to `path`. */
  append(path: number, index: number, bit: number): void {
    const word = path + (index < HEAD_BITS ? HEAD : TAIL);
    this.fields[word] = 2 * (this.fields[word] as number) + bit;
  }

  /** Leads the only path on by one edge, in place. */
  step(path: number, sentUs: number, cost: number): void {
    const { fields } = this;
    fields[path + NEXT_EDGE] = (fields[path + NEXT_EDGE] as number) + 1;
    fields[path + SENT_US] = sentUs;
    this.bestCost += cost;
    fields[path + COST] = this.bestCost;
  }

  /** Adds the draft, if it is among the best. */
  add(): void {
    const { fields } = this;
    const cost = fields[DRAFT + COST] as number;
    if (this.isTooDear(cost)) return;
    const path = this.place(cost);
    if (path < 0) return;
    this.nextBestCost = Math.min(this.nextBestCost, cost);
    for (let field = 0; field < FIELDS; field++) fields[path + field] = fields[DRAFT + field] as number;
  }

  /** The paths that were added become those up to the last edge. */
  advance(): void {
    const first = this.first;
    this.first = this.nextFirst;
    this.nextFirst = first;
    this.count = this.nextCount;
    this.bestCost = this.nextBestCost;
    this.nextCount = 0;
    this.nextBestCost = Number.POSITIVE_INFINITY;
  }

  /** Whether two paths read the same bits. */
  haveSameBits(path: number, other: number): boolean {
    const { fields } = this;
    return fields[path + HEAD] === fields[other + HEAD] && fields[path + TAIL] === fields[other + TAIL];
  }

  /** Writes the bits of a path that has all 40. */
  writeFrame(path: number, frame: Uint8Array): void {
    const head = this.fields[path + HEAD] as number;
    const tail = this.fields[path + TAIL] as number;
    frame[0] = head >> 16;
    frame[1] = head >> 8;
    frame[2] = head;
    frame[3] = tail >> 8;
    frame[4] = tail;
  }

  /** Where the draft goes: in the place of a dearer twin, a free one, or that of the dearest path; -1 where it is none of the best. */
  private place(cost: number): number {
    const { fields } = this;
    let dearest = this.nextFirst;
    for (let index = 0; index < this.nextCount; index++) {
      const path = this.nextFirst + index * FIELDS;
      const pathCost = fields[path + COST] as number;
      if (this.isTwin(path)) return pathCost > cost ? path : -1;
      if (pathCost > (fields[dearest + COST] as number)) dearest = path;
    }
    if (this.nextCount < PATHS_MAXIMUM) return this.nextFirst + this.nextCount++ * FIELDS;
    const dearestCost = fields[dearest + COST] as number;
    this.droppedMargin = Math.min(this.droppedMargin, Math.max(cost, dearestCost) - this.nextBestCost);
    return dearestCost > cost ? dearest : -1;
  }

  /** The draft reads the same bits and leads on from the same edge: only the cheaper of the two matters. */
  private isTwin(path: number): boolean {
    const { fields } = this;
    return (
      fields[path + NEXT_EDGE] === fields[DRAFT + NEXT_EDGE] &&
      fields[path + IS_MERGING] === fields[DRAFT + IS_MERGING] &&
      this.haveSameBits(path, DRAFT)
    );
  }
}
