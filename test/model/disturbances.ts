// The models of disturbance in which reading is measured. docs/dht22.md lists them with what is reached in each.

import type { Disturbance } from './pulse-line.js';

/** The late models: one edge of 200 is served late. */
const LATE_SHARE = 1 / 200;

export const DISTURBANCES = {
  /** Each edge is served early or late by some µs. */
  jitter3us: { jitterUs: 3 },
  jitter5us: { jitterUs: 5 },
  /** Single edges are served 30 to 60 µs late, and merged with the next where that came before. */
  late: { jitterUs: 1, lateShare: LATE_SHARE },
  /** Now and then no interrupt is served for 20 to 120 µs. */
  bursts: { jitterUs: 1, burstsPerFrame: 0.5 },
  /** A long cable: rises are slow. */
  cable: { jitterUs: 3, riseUs: 14 },
  /** Pulses that nobody sees. */
  missing: { jitterUs: 1, missingPerFrame: 0.3 },
  /** Short pulses from elsewhere. */
  extra: { jitterUs: 1, extraPerFrame: 0.3 },
  /** The first edge is missing, or one too many is in front. */
  shifted: { jitterUs: 3, shiftedShare: 1 },
  /** A little of everything. */
  mixed: {
    jitterUs: 3,
    lateShare: LATE_SHARE,
    burstsPerFrame: 0.1,
    riseUs: 8,
    missingPerFrame: 0.05,
    extraPerFrame: 0.05,
    shiftedShare: 0.1,
  },
} as const satisfies Record<string, Disturbance>;

export type DisturbanceName = keyof typeof DISTURBANCES;
