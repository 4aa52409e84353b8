// What a broker does not take: how long each lane of messages waits before its next try, and when a message is given up.

import { ReasonCode } from '../mqtt/reason.js';
import type { Random } from '../ports.js';
import { Backoff } from './backoff.js';

/** So often a message is sent that the broker says it can make nothing of. */
export const TRIES_MAXIMUM = 3;

/** Messages that are sent in order, and wait together. */
interface Lane {
  readonly backoff: Backoff;
  untilMs: number;
  /** The first message that is refused again and again, and how often it was; `NOTHING` where there is none. */
  key: number;
  count: number;
  /** Nothing was taken since the last refusal. */
  isProbing: boolean;
}

const NOTHING = -1;
const NEVER = Number.POSITIVE_INFINITY;

export class Refusals {
  private readonly random: Random;
  /** Made when a lane is first refused something: most never are. */
  private readonly lanes: (Lane | undefined)[] = [];
  private _count = 0;
  private _code = 0;

  constructor(random: Random) {
    this.random = random;
  }

  /** Messages that were refused since the start. */
  get count(): number {
    return this._count;
  }

  /** Why the last one was refused (MQTT 5 §2.4); 0 where none was. */
  get code(): number {
    return this._code;
  }

  /** Whether `lane` has to wait. */
  holds(lane: number, nowMs: number): boolean {
    const known = this.lanes[lane];
    return known !== undefined && known.untilMs > nowMs;
  }

  /** Whether `lane` may have one message in flight at most: the broker refused the last, and may refuse this. */
  isProbing(lane: number): boolean {
    return this.lanes[lane]?.isProbing === true;
  }

  /** When the first lane that waits may go on, or infinity. */
  deadlineMs(nowMs: number): number {
    let deadlineMs = NEVER;
    for (const lane of this.lanes) if (lane && lane.untilMs > nowMs && lane.untilMs < deadlineMs) deadlineMs = lane.untilMs;
    return deadlineMs;
  }

  /**
   * The message `key`, a number that rises along its lane, was refused, and the lane waits. Returns whether the message is to be given up:
   * after some tries, where the reason is the message itself. All else, a right or a quota that is missing, may be mended.
   */
  refused(lane: number, key: number, reasonCode: number, nowMs: number): boolean {
    this._count++;
    this._code = reasonCode;
    const known = this.lane(lane);
    known.isProbing = true;
    if (nowMs >= known.untilMs) known.untilMs = nowMs + known.backoff.nextDelayMs();
    // Of several that are refused at once, the first counts.
    if (known.key !== NOTHING && key > known.key) return false;
    known.count = key === known.key ? known.count + 1 : 1;
    known.key = key;
    const isHopeless = reasonCode === ReasonCode.topicNameInvalid || reasonCode === ReasonCode.payloadFormatInvalid;
    if (!isHopeless || known.count < TRIES_MAXIMUM) return false;
    known.key = NOTHING;
    return true;
  }

  /** The message `key` was taken. */
  accepted(lane: number, key: number): void {
    const known = this.lanes[lane];
    if (!known) return;
    known.backoff.reset();
    known.isProbing = false;
    if (key === known.key) known.key = NOTHING;
  }

  private lane(lane: number): Lane {
    const known = this.lanes[lane] ?? { backoff: new Backoff(this.random), untilMs: 0, key: NOTHING, count: 0, isProbing: false };
    this.lanes[lane] = known;
    return known;
  }
}
