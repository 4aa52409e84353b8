// From edge times to a reading. The sensor answers the start pulse with 80 µs low and 80 µs high, then sends 40 bits, each about
// 50 µs low and then high for 22–30 µs (0) or 68–75 µs (1), and ends with one more low (AM2302 datasheet, "communication").
//
// Nothing is decided by one pulse. The decoder follows when the sensor made each of its edges, falling and rising, and asks of each
// way to read the bits how far the captured edges are from there. A wrong bit shifts all that follow by 45 µs, so it does not last
// long. Interrupts are served late, never early: an edge may come late, and where the next one came meanwhile, both are missing (the
// level is as it was). docs/dht22.md has the model and what is reached on it.

import { decodeFrame, FRAME_BITS, FRAME_BYTES, type Measurement } from './frame.js';
import type { ModelTraits } from './model.js';
import {
  COST,
  DRAFT,
  FIRST_REPAIRED_BIT,
  IS_MERGING,
  NEXT_EDGE,
  PATHS_BYTES,
  Paths,
  REPAIRED_EDGES,
  RIVAL_COST,
  SENT_US,
} from './paths.js';
import { findFirstFall, Pulses, pulseUs } from './pulses.js';

/** Edges of an answer: falling and rising of the response, of each bit, and of the closing low. */
const ANSWER_EDGES = 2 + 2 * FRAME_BITS + 2;

/** Room for an answer, and for 4 edges that do not belong to it. */
export const EDGES_MAXIMUM = ANSWER_EDGES + 4;

/** Fewer edges than these are no answer: its first low and high. */
const RESPONSE_EDGES = 3;

const RESPONSE_US = 80;

/** A low at least this long is no sensor's: the host wakes it. */
const HOST_PULSE_US = 300;

/** Parts differ in their response by so much, and a slow rise adds to that. */
const RESPONSE_TOLERANCE_US = 25;

/** Twice the variance of an edge's time: 5 µs of jitter, and 4 µs for what is not known of the pulses. */
const DOUBLE_VARIANCE_US2 = 80;

/** How much of what an edge is off moves the time at which the sensor is believed to have made it. */
const TRACKING = 0.36;

/** An edge this close to where it ought to be is no reason to look further. */
const STRAIGHT_US = 10;

/** An edge that is later than this came late; the interrupt was off for at most the time given. */
const LATE_COST = 7;
const LATE_MAXIMUM_US = 65;

/** Two edges that became none. */
const MERGED_COST = 6;

/** Two edges that the sensor has not made. */
const EXTRA_COST = 9;
const EXTRA_PAIRS_MAXIMUM = 2;

/** An edge this much before its time may belong to a short pulse from elsewhere; one even earlier certainly does. */
const EARLY_US = 24;
const EARLY_MAXIMUM_US = 40;

/** The first edge is missing, or one too many is in front. */
const SHIFTED_COST = 6;

/**
 * After an answer the line rests at least this long. What comes sooner may be the end of an answer that was counted wrong; only where
 * each edge was where it belongs, it certainly is none (some AM2301 send three bytes of zeros more).
 */
const REST_US = 200;

/** The best way to read the bits fits no better than this: what was captured is noise. */
const COST_MAXIMUM = 200;

/** The answer stops too early where a path that ran out of edges was so much better than the best of those that did not. */
const CUT_OFF_MARGIN = 4;

/** Paths that cost the same up to rounding: which of them is right, only the checksum can say. */
const TIE_COST = 0.5;

/** A path was dropped that was hardly dearer than the best: not all that is possible was looked at. */
const DROPPED_MARGIN_MINIMUM = 3;

/**
 * The checksum lets one of 256 wrong frames pass, so little may be left to it: this many edges may be out of place where all ways to
 * read the bits agree, and this many where the checksum has to choose between them.
 */
const REPAIRED_MAXIMUM = 4;
const CHOSEN_REPAIRED_MAXIMUM = 2;

/** The edge that ends bit n is number 2n + 2, after the fall at which bit 0 begins. */
const LAST_EDGE = 2 * FRAME_BITS + 1;

/** Decodes answers, one at a time. No memory is allocated for an answer. */
export class AnswerDecoder {
  private readonly traits: ModelTraits;
  private readonly paths: Paths;
  private readonly pulses = new Pulses();
  private readonly frame = new Uint8Array(FRAME_BYTES);
  private readonly edgesUs: Uint16Array;
  private edgeCount = 0;
  /** Number of the sensor's edge that is looked for: even ones fall. */
  private sent = 0;
  /** The best of the paths that had no more edges although bits were missing. */
  private cutOffCost = Number.POSITIVE_INFINITY;
  private cutOffBit = -1;

  /**
   * @param edgesUs where captured edges lie when `decode` is called: µs, alternating, the first one falling.
   * @param scratch at least `PATHS_BYTES`, overwritten by `decode`; between two calls it is anybody's.
   */
  constructor(traits: ModelTraits, edgesUs: Uint16Array, scratch = new ArrayBuffer(PATHS_BYTES)) {
    this.traits = traits;
    this.edgesUs = edgesUs;
    this.paths = new Paths(scratch);
  }

  /** Decodes the first `edgeCount` edges into `measurement`. */
  decode(edgeCount: number, measurement: Measurement): void {
    this.edgeCount = Math.min(edgeCount, this.edgesUs.length);
    measurement.repairedEdges = 0;
    if (this.edgeCount < RESPONSE_EDGES) return setFault(measurement, 'no-response', -1);
    this.begin();
    this.paths.advance();
    for (this.sent = 0; this.sent <= LAST_EDGE; this.sent++) {
      if (this.paths.count === 0) return this.breakOff(measurement);
      if (this.goStraight()) continue;
      this.followAll();
      this.paths.advance();
    }
    this.choose(measurement);
  }

  private breakOff(measurement: Measurement): void {
    if (this.cutOffBit >= 0) return setFault(measurement, 'bit-missing', this.cutOffBit);
    if (this.sent === 0) return setFault(measurement, 'no-response', -1);
    setFault(measurement, 'bit-missing', this.bitOf(this.sent - 1));
  }

  // --- Where the answer begins --------------------------------------------------------------------------------------

  private begin(): void {
    const edgesUs = this.edgesUs;
    const firstFall = findFirstFall(edgesUs, this.edgeCount);
    this.pulses.measure(edgesUs, this.edgeCount, firstFall);
    this.paths.clear();
    this.cutOffCost = Number.POSITIVE_INFINITY;
    this.cutOffBit = -1;
    if (firstFall === 1) {
      this.beginAt(1, SHIFTED_COST, 1);
      // The first edge is the rise in the middle of the response.
      this.beginPath(1, edgesUs[0] as number, SHIFTED_COST, 1);
      return;
    }
    this.beginAt(0, 0, 0);
    if (this.isResponse(0)) return;
    // The host's own pulse, or a short one from elsewhere, is in front.
    if (pulseUs(edgesUs, 0) >= HOST_PULSE_US) this.beginAt(2, 0, 0);
    else this.beginAt(2, EXTRA_COST, 2);
  }

  private isResponse(fall: number): boolean {
    return isNear(pulseUs(this.edgesUs, fall), RESPONSE_US) && isNear(pulseUs(this.edgesUs, fall + 1), RESPONSE_US);
  }

  /** Begins a path where the response falls at edge `fall`; one of its first two edges may be late. */
  private beginAt(fall: number, cost: number, repaired: number): void {
    if (fall + 2 >= this.edgeCount) return;
    const fallUs = this.edgesUs[fall] as number;
    const riseUs = this.edgesUs[fall + 1] as number;
    const offUs = riseUs - fallUs - RESPONSE_US;
    if (Math.abs(offUs) <= RESPONSE_TOLERANCE_US) this.beginPath(fall + 2, riseUs, cost, repaired);
    else if (Math.abs(offUs) > LATE_MAXIMUM_US) return;
    else if (offUs < 0) this.beginPath(fall + 2, riseUs, cost + LATE_COST, repaired + 1);
    else this.beginPath(fall + 2, fallUs + RESPONSE_US, cost + LATE_COST, repaired + 1);
  }

  private beginPath(nextEdge: number, riseUs: number, cost: number, repaired: number): void {
    const { fields } = this.paths;
    fields[DRAFT + NEXT_EDGE] = nextEdge;
    fields[DRAFT + SENT_US] = riseUs;
    fields[DRAFT + COST] = cost;
    fields[DRAFT + REPAIRED_EDGES] = repaired;
    this.paths.add();
  }

  // --- Where nothing is disturbed -----------------------------------------------------------------------------------

  /** Goes on in place where there is nothing to weigh: one path, and edges that are where they ought to be. */
  private goStraight(): boolean {
    const paths = this.paths;
    const path = paths.at(0);
    const edge = paths.fields[path + NEXT_EDGE] as number;
    if (paths.count > 1 || this.sent === 0 || paths.fields[path + IS_MERGING] === 1 || edge + 1 >= this.edgeCount) return false;
    const { lowUs } = this.pulses;
    const sentUs = paths.fields[path + SENT_US] as number;
    const atUs = this.edgesUs[edge] as number;
    if (this.sent % 2 === 1) return isStraight(atUs - sentUs - lowUs) && this.stepTo(path, atUs, sentUs + lowUs);
    const bit = this.straightBit(atUs - sentUs);
    if (bit < 0) return false;
    const dueUs = sentUs + (bit === 0 ? this.pulses.zeroUs : this.pulses.oneUs);
    // A late edge may be where that of the other bit would be; but then the one after it is not.
    if (!isStraight((this.edgesUs[edge + 1] as number) - dueUs - lowUs)) return false;
    paths.append(path, this.sent / 2 - 1, bit);
    return this.stepTo(path, atUs, dueUs);
  }

  private straightBit(highUs: number): 0 | 1 | -1 {
    if (isStraight(highUs - this.pulses.zeroUs)) return 0;
    return isStraight(highUs - this.pulses.oneUs) ? 1 : -1;
  }

  private stepTo(path: number, atUs: number, dueUs: number): true {
    const offUs = atUs - dueUs;
    this.paths.step(path, dueUs + TRACKING * offUs, costOf(offUs));
    return true;
  }

  // --- From edge to edge --------------------------------------------------------------------------------------------

  private followAll(): void {
    const { lowUs, zeroUs, oneUs } = this.pulses;
    const paths = this.paths;
    for (let index = 0; index < paths.count; index++) {
      const path = paths.at(index);
      const sentUs = paths.fields[path + SENT_US] as number;
      if ((paths.fields[path + COST] as number) > paths.bestCost + RIVAL_COST) continue;
      if (this.sent === 0) this.follow(path, sentUs + RESPONSE_US, -1);
      else if (this.sent % 2 === 1) this.follow(path, sentUs + lowUs, -1);
      else {
        this.follow(path, sentUs + zeroUs, 0);
        this.follow(path, sentUs + oneUs, 1);
      }
    }
  }

  /** Adds the ways to go on from `path` where the sensor made its next edge at `dueUs`, which ended `bit` (-1: none). */
  private follow(path: number, dueUs: number, bit: number): void {
    const { fields } = this.paths;
    if (fields[path + IS_MERGING] === 1) return this.go(path, 0, dueUs, 0, 0, bit, 0);
    const nextEdge = fields[path + NEXT_EDGE] as number;
    for (let pairs = 0; pairs <= EXTRA_PAIRS_MAXIMUM; pairs++) {
      const edge = nextEdge + 2 * pairs;
      const cost = EXTRA_COST * pairs;
      if (this.paths.isTooDear((fields[path + COST] as number) + cost)) return;
      if (edge >= this.edgeCount) {
        if (pairs === 0) this.followEnd(path, dueUs, bit);
        return;
      }
      const offUs = (this.edgesUs[edge] as number) - dueUs;
      this.followEdge(path, dueUs, bit, pairs, offUs);
      if (offUs > -EARLY_US || this.sent === 0) return;
    }
  }

  /** There are no more edges. Only the very last may be absent, with which no bit ends. */
  private followEnd(path: number, dueUs: number, bit: number): void {
    const { fields } = this.paths;
    if (this.sent === LAST_EDGE) this.go(path, 0, dueUs, 0, 0, bit, 0);
    else if ((fields[path + COST] as number) < this.cutOffCost) {
      this.cutOffCost = fields[path + COST] as number;
      this.cutOffBit = this.disturbedBit(path, this.bitOf(this.sent));
    }
  }

  private followEdge(path: number, dueUs: number, bit: number, pairs: number, offUs: number): void {
    const offCost = costOf(offUs);
    const extraCost = EXTRA_COST * pairs;
    const isLate = offUs > 0 && offCost > LATE_COST;
    const edges = 2 * pairs;
    if (!isLate) {
      if (offUs > -EARLY_MAXIMUM_US) this.go(path, edges + 1, dueUs + this.pull() * offUs, extraCost + offCost, edges, bit, 0);
      return;
    }
    if (offUs <= LATE_MAXIMUM_US) this.go(path, edges + 1, dueUs, extraCost + LATE_COST, edges + 1, bit, 0);
    if (this.sent < LAST_EDGE) this.go(path, edges, dueUs, extraCost + MERGED_COST, edges + 2, bit, 1);
  }

  /** The response is no good measure of when the first bit begins. */
  private pull(): number {
    return this.sent === 0 ? 1 : TRACKING;
  }

  private go(path: number, edges: number, sentUs: number, cost: number, repaired: number, bit: number, isMerging: number): void {
    const paths = this.paths;
    const { fields } = paths;
    paths.draft(path);
    if (repaired > 0 && fields[DRAFT + REPAIRED_EDGES] === 0) fields[DRAFT + FIRST_REPAIRED_BIT] = this.bitOf(this.sent);
    fields[DRAFT + NEXT_EDGE] = (fields[DRAFT + NEXT_EDGE] as number) + edges;
    fields[DRAFT + SENT_US] = sentUs;
    fields[DRAFT + COST] = (fields[DRAFT + COST] as number) + cost;
    fields[DRAFT + REPAIRED_EDGES] = (fields[DRAFT + REPAIRED_EDGES] as number) + repaired;
    fields[DRAFT + IS_MERGING] = isMerging;
    if (bit >= 0) paths.append(DRAFT, this.sent / 2 - 1, bit);
    paths.add();
  }

  /** The bit that is cut short where edge `sent` of the sensor is not found. */
  private bitOf(sent: number): number {
    return Math.max(0, Math.min(FRAME_BITS - 1, (sent - 1) >> 1));
  }

  // --- Which reading it is ------------------------------------------------------------------------------------------

  private choose(measurement: Measurement): void {
    const best = this.findBest();
    if (best < 0) return this.breakOff(measurement);
    if (!this.isComplete(best)) return setFault(measurement, 'bit-missing', this.disturbedBit(best, FRAME_BITS - 1));
    const chosen = this.findReading(best, measurement);
    if (chosen < 0) return;
    this.read(chosen, measurement);
    measurement.repairedEdges = this.paths.fields[chosen + REPAIRED_EDGES] as number;
  }

  /** The cheapest path; -1 where one that ran out of edges was better, or where all are too dear. */
  private findBest(): number {
    const paths = this.paths;
    const { fields } = paths;
    let best = -1;
    let bestCost = Math.min(COST_MAXIMUM, this.cutOffCost + CUT_OFF_MARGIN);
    for (let index = 0; index < paths.count; index++) {
      const path = paths.at(index);
      const cost = (fields[path + COST] as number) + this.costOfRest(path);
      fields[path + COST] = cost;
      if (cost >= bestCost) continue;
      best = path;
      bestCost = cost;
    }
    return best;
  }

  /** Edges that follow at once were not made by the sensor, if `path` is right. */
  private costOfRest(path: number): number {
    const edges = this.edgeCount - (this.paths.fields[path + NEXT_EDGE] as number);
    return this.isComplete(path) ? 0 : (EXTRA_COST * edges) / 2;
  }

  /** Whether a path has read the answer to its end. */
  private isComplete(path: number): boolean {
    const { fields } = this.paths;
    const nextEdge = fields[path + NEXT_EDGE] as number;
    if (fields[path + REPAIRED_EDGES] === 0 || nextEdge >= this.edgeCount) return true;
    return pulseUs(this.edgesUs, nextEdge - 1) >= REST_US;
  }

  /** The only path with a reading among `best` and its rivals; or -1, with the fault in `measurement`. */
  private findReading(best: number, measurement: Measurement): number {
    const paths = this.paths;
    const { fields } = paths;
    let reading = -1;
    let isContested = false;
    for (let index = 0; index < paths.count; index++) {
      const path = paths.at(index);
      if (!this.isComplete(path) || (fields[path + COST] as number) > (fields[best + COST] as number) + RIVAL_COST) continue;
      if (!paths.haveSameBits(path, best)) isContested = true;
      this.read(path, measurement);
      if (measurement.fault !== undefined) continue;
      if (reading >= 0 && !paths.haveSameBits(path, reading)) return this.refuse(path, 'ambiguous', measurement);
      if (reading < 0 || (fields[path + COST] as number) < (fields[reading + COST] as number)) reading = path;
    }
    if (reading < 0) return this.refuse(best, undefined, measurement);
    return this.isSure(reading, best, isContested) ? reading : this.refuse(best, 'ambiguous', measurement);
  }

  private isSure(reading: number, best: number, isContested: boolean): boolean {
    const { fields, droppedMargin } = this.paths;
    return (
      droppedMargin >= DROPPED_MARGIN_MINIMUM &&
      (fields[reading + COST] as number) <= (fields[best + COST] as number) + TIE_COST &&
      (fields[reading + REPAIRED_EDGES] as number) <= (isContested ? CHOSEN_REPAIRED_MAXIMUM : REPAIRED_MAXIMUM)
    );
  }

  /** Sets `fault`, or what is wrong with the frame of `path`, with the bit in which the answer was first disturbed. */
  private refuse(path: number, fault: Measurement['fault'], measurement: Measurement): -1 {
    this.read(path, measurement);
    // What is left of a frame of which so much is missing says nothing.
    const isBroken = (this.paths.fields[path + REPAIRED_EDGES] as number) > REPAIRED_MAXIMUM;
    measurement.fault = fault ?? (isBroken ? 'bit-missing' : measurement.fault);
    measurement.faultBit = this.disturbedBit(path, -1);
    return -1;
  }

  /** The bit in which `path` was first disturbed, or `otherwise` where it never was. */
  private disturbedBit(path: number, otherwise: number): number {
    const { fields } = this.paths;
    return (fields[path + REPAIRED_EDGES] as number) > 0 ? (fields[path + FIRST_REPAIRED_BIT] as number) : otherwise;
  }

  private read(path: number, measurement: Measurement): void {
    this.paths.writeFrame(path, this.frame);
    decodeFrame(this.frame, this.traits, measurement);
  }
}

/** How unlikely it is that an edge is so far from where it ought to be. */
function costOf(offUs: number): number {
  return (offUs * offUs) / DOUBLE_VARIANCE_US2;
}

function isStraight(offUs: number): boolean {
  return Math.abs(offUs) <= STRAIGHT_US;
}

function isNear(lengthUs: number, expectedUs: number): boolean {
  return Math.abs(lengthUs - expectedUs) <= RESPONSE_TOLERANCE_US;
}

function setFault(measurement: Measurement, fault: NonNullable<Measurement['fault']>, bit: number): void {
  measurement.fault = fault;
  measurement.faultBit = bit;
}
