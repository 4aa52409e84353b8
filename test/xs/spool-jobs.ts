// The job of the spool: readings that are stored, read back, and delivered on two streams.

import { Spool } from '../../firmware/spool/spool.js';

const CAPACITY = 16;
const STREAMS = 2;

/** Stores `count` readings, each delivered on every stream at once; returns how many came back as they were stored, and left. */
export function storeReadings(count: number): string {
  let right = 0;
  let delivered = 0;
  const listener = {
    onDelivered: () => {
      delivered++;
    },
  };
  const spool = new Spool({ capacity: CAPACITY, overflow: 'oldest', cursorCount: STREAMS, listener });
  for (let seq = 0; seq < count; seq++) {
    spool.append(seq, -seq % 400, seq % 1000);
    const isAsStored = spool.uptimeSeconds(seq) === seq && spool.humidityTenths(seq) === seq % 1000;
    if (isAsStored && spool.temperatureTenths(seq) === -seq % 400) right++;
    for (let stream = 0; stream < STREAMS; stream++) spool.advance(stream, seq + 1);
  }
  return String(Math.min(right, delivered));
}
