// Readings to record, with what does not matter filled in.

import type { NewReading } from '../../../host-sim/page/record/store.js';

export const STATION = 'a4cf12f0a1b2';
export const BOOT = 2_781_932_331;

/** A reading of `STATION` with the identity `seq`, measured `seq` times ten seconds after the first. */
export function newReading(seq: number, changes: Partial<NewReading> = {}): NewReading {
  return {
    room: 'salon',
    identity: { station: STATION, boot: BOOT, seq },
    time: FIRST_TIME + 10 * seq,
    isGuessed: false,
    isLate: false,
    temperature: 21.4,
    humidity: 45.2,
    ...changes,
  };
}

export const FIRST_TIME = 1_763_858_310;
