// Frames and pulse trains of the DHT22, each with its reason. Source: AM2302 datasheet (Aosong), "communication and signal"
// and "data format"; design §7.

import type { Dht22FaultClass } from '../../firmware/dht22/frame.js';
import { hex } from './hex.js';

/** A reading, or the fault that there is instead. */
export type Dht22Result =
  | { readonly temperatureTenths: number; readonly humidityTenths: number }
  | { readonly fault: Dht22FaultClass; readonly faultBit: number };

export interface FrameVector {
  readonly reason: string;
  readonly bytes: string;
  readonly result: Dht22Result;
}

export interface PulseVector {
  readonly reason: string;
  readonly edgesUs: readonly number[];
  readonly result: Dht22Result;
}

const reading = (temperatureTenths: number, humidityTenths: number) => ({ temperatureTenths, humidityTenths });
const noResponse: Dht22Result = { fault: 'no-response', faultBit: -1 };
const badChecksum: Dht22Result = { fault: 'checksum', faultBit: -1 };
const outOfRange: Dht22Result = { fault: 'out-of-range', faultBit: -1 };
const bitMissing = (faultBit: number): Dht22Result => ({ fault: 'bit-missing', faultBit });

export const FRAME_VECTORS: readonly FrameVector[] = [
  { reason: 'the example of the datasheet', bytes: '02 8c 01 5f ee', result: reading(351, 652) },
  { reason: 'below zero as sign and magnitude, as most parts send it', bytes: '01 c8 80 02 4b', result: reading(-2, 456) },
  { reason: "below zero as two's complement, as some clones send it", bytes: '02 33 ff f7 2b', result: reading(-9, 563) },
  { reason: 'nothing but zeros', bytes: '00 00 00 00 00', result: reading(0, 0) },
  { reason: 'minus zero is zero', bytes: '00 00 80 00 80', result: reading(0, 0) },
  { reason: 'smallest step below zero', bytes: '00 00 80 01 81', result: reading(-1, 0) },
  { reason: "smallest step below zero, two's complement", bytes: '00 00 ff ff fe', result: reading(-1, 0) },
  { reason: 'coldest', bytes: '00 00 81 90 11', result: reading(-400, 0) },
  { reason: "coldest, two's complement", bytes: '00 00 fe 70 6e', result: reading(-400, 0) },
  { reason: 'hottest', bytes: '00 00 03 20 23', result: reading(800, 0) },
  { reason: 'dampest', bytes: '03 e8 00 00 eb', result: reading(0, 1000) },
  { reason: 'the checksum is the low byte of the sum', bytes: '03 ff 00 ff 01', result: outOfRange },
  { reason: 'damper than damp', bytes: '03 e9 00 00 ec', result: outOfRange },
  { reason: 'hotter than the range', bytes: '00 00 03 21 24', result: outOfRange },
  { reason: 'colder than the range', bytes: '00 00 81 91 12', result: outOfRange },
  { reason: "colder than the range, two's complement", bytes: '00 00 fe 6f 6d', result: outOfRange },
  { reason: 'a line stuck high', bytes: 'ff ff ff ff fc', result: outOfRange },
  { reason: 'a DHT11 puts whole numbers into the high bytes: 40 %, 20 °C', bytes: '28 00 14 00 3c', result: outOfRange },
  { reason: 'checksum one too large', bytes: '02 8c 01 5f ef', result: badChecksum },
  { reason: 'checksum without its top bit', bytes: '02 8c 01 5f 6e', result: badChecksum },
  { reason: 'checksum of all zeros', bytes: '02 8c 01 5f 00', result: badChecksum },
  { reason: 'a line stuck high, with a checksum as stuck', bytes: 'ff ff ff ff ff', result: badChecksum },
];

interface PulseLengths {
  readonly lowUs: number;
  readonly zeroUs: number;
  readonly oneUs: number;
}

const TYPICAL: PulseLengths = { lowUs: 50, zeroUs: 26, oneUs: 70 };

/** Edges of the answer `02 8c 01 5f ee`: response, 40 bits, closing low. */
function answer({ lowUs, zeroUs, oneUs }: PulseLengths = TYPICAL): number[] {
  const edges = [0, 80];
  let atUs = 160;
  for (const byte of hex('02 8c 01 5f ee')) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      edges.push(atUs, atUs + lowUs);
      atUs += lowUs + (byte & mask ? oneUs : zeroUs);
    }
  }
  edges.push(atUs, atUs + lowUs);
  return edges;
}

/** Index of the edge at which `bit` begins. */
const edgeOf = (bit: number) => 2 + 2 * bit;

/** The typical answer with edge `index` moved by `byUs`. */
const moved = (index: number, byUs: number) => answer().map((edgeUs, at) => (at === index ? edgeUs + byUs : edgeUs));

/** The typical answer in which everything from edge `index` on comes `byUs` later. */
const delayed = (index: number, byUs: number) => answer().map((edgeUs, at) => (at >= index ? edgeUs + byUs : edgeUs));

const whole = reading(351, 652);

export const PULSE_VECTORS: readonly PulseVector[] = [
  // --- What a good line gives -------------------------------------------------------------------------------------------
  { reason: 'typical lengths', edgesUs: answer(), result: whole },
  { reason: 'shortest lengths', edgesUs: answer({ lowUs: 48, zeroUs: 22, oneUs: 68 }), result: whole },
  { reason: 'longest lengths', edgesUs: answer({ lowUs: 55, zeroUs: 30, oneUs: 75 }), result: whole },
  {
    reason: 'a long cable makes slow rises: lows longer, highs shorter',
    edgesUs: answer({ lowUs: 60, zeroUs: 16, oneUs: 62 }),
    result: whole,
  },
  { reason: 'the end of the closing low was not captured', edgesUs: answer().slice(0, -1), result: whole },
  { reason: 'an interrupt that came 20 µs late: the low of bit 0 looks longer', edgesUs: moved(edgeOf(0) + 1, 20), result: whole },
  { reason: 'a high just as long as its low is 0', edgesUs: answer({ lowUs: 50, zeroUs: 50, oneUs: 51 }), result: whole },
  // --- No answer --------------------------------------------------------------------------------------------------------
  { reason: 'no sensor, or no power', edgesUs: [], result: noResponse },
  { reason: 'the line falls and stays low: a short circuit', edgesUs: [0], result: noResponse },
  { reason: 'half a response', edgesUs: [0, 80], result: noResponse },
  // --- An answer that stops ---------------------------------------------------------------------------------------------
  { reason: 'a response and nothing else', edgesUs: answer().slice(0, edgeOf(0) + 1), result: bitMissing(0) },
  ...[0, 1, 7, 8, 20, 38, 39].flatMap((bit): PulseVector[] => [
    { reason: `the line stays low in bit ${bit}`, edgesUs: answer().slice(0, edgeOf(bit) + 1), result: bitMissing(bit) },
    { reason: `the line stays high in bit ${bit}`, edgesUs: answer().slice(0, edgeOf(bit) + 2), result: bitMissing(bit) },
  ]),
  // --- An answer that is broken -----------------------------------------------------------------------------------------
  {
    reason: 'two edges were lost: two ones have become one bit',
    edgesUs: answer().toSpliced(edgeOf(13), 2),
    result: bitMissing(12),
  },
  {
    reason: 'two edges were lost: a zero and a one look like a late bit, but then the last is missing',
    edgesUs: answer().toSpliced(edgeOf(12), 2),
    result: bitMissing(39),
  },
  { reason: 'a bit of more than 200 µs', edgesUs: delayed(edgeOf(31), 150), result: bitMissing(30) },
  { reason: 'the first bit is checked as all others', edgesUs: delayed(edgeOf(0) + 1, 150), result: bitMissing(0) },
  { reason: 'a low of no length', edgesUs: moved(edgeOf(5) + 1, -50), result: bitMissing(5) },
  { reason: 'edges that go back in time', edgesUs: moved(edgeOf(5) + 1, -60), result: bitMissing(5) },
  { reason: 'an edge so late that a 0 looks like a 1', edgesUs: moved(edgeOf(0) + 2, 40), result: badChecksum },
];
