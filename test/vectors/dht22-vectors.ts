// Frames and pulse trains of the DHT22 and its relatives, each with its reason. Sources: AM2302 and DHT11 datasheets (Aosong),
// "communication and signal" and "data format"; design §7; and public reports, named by repository and issue.

import type { Dht22FaultClass } from '../../firmware/dht22/frame.js';
import type { Dht22Model } from '../../firmware/dht22/model.js';
import { hex } from './hex.js';

/** A reading, or the fault that there is instead. */
export type Dht22Result =
  | { readonly temperatureTenths: number; readonly humidityTenths: number; readonly repairedEdges: number }
  | { readonly fault: Dht22FaultClass; readonly faultBit: number };

export interface FrameVector {
  readonly reason: string;
  readonly bytes: string;
  readonly result: Dht22Result;
  /** Default: `dht22`. */
  readonly model?: Dht22Model;
}

export interface PulseVector {
  readonly reason: string;
  readonly edgesUs: readonly number[];
  readonly result: Dht22Result;
  readonly model?: Dht22Model;
}

const reading = (temperatureTenths: number, humidityTenths: number, repairedEdges = 0) => ({
  temperatureTenths,
  humidityTenths,
  repairedEdges,
});
const noResponse: Dht22Result = { fault: 'no-response', faultBit: -1 };
const outOfRange: Dht22Result = { fault: 'out-of-range', faultBit: -1 };
const impostor: Dht22Result = { fault: 'impostor', faultBit: -1 };
const bitMissing = (faultBit: number): Dht22Result => ({ fault: 'bit-missing', faultBit });
const badChecksum = (faultBit = -1): Dht22Result => ({ fault: 'checksum', faultBit });
const ambiguous = (faultBit: number): Dht22Result => ({ fault: 'ambiguous', faultBit });

export const FRAME_VECTORS: readonly FrameVector[] = [
  // --- DHT22, DHT21 -----------------------------------------------------------------------------------------------------
  { reason: 'the example of the datasheet', bytes: '02 8c 01 5f ee', result: reading(351, 652) },
  { reason: 'below zero as sign and magnitude, as most parts send it', bytes: '01 c8 80 02 4b', result: reading(-2, 456) },
  { reason: 'the example of the datasheet for below zero', bytes: '02 8c 80 65 73', result: reading(-101, 652) },
  { reason: "below zero as two's complement, as some clones send it", bytes: '02 33 ff f7 2b', result: reading(-9, 563) },
  { reason: 'minus zero is zero', bytes: '00 01 80 00 81', result: reading(0, 1) },
  { reason: 'smallest step below zero', bytes: '00 00 80 01 81', result: reading(-1, 0) },
  { reason: "smallest step below zero, two's complement", bytes: '00 00 ff ff fe', result: reading(-1, 0) },
  { reason: 'coldest', bytes: '00 00 81 90 11', result: reading(-400, 0) },
  { reason: "coldest, two's complement", bytes: '00 00 fe 70 6e', result: reading(-400, 0) },
  { reason: 'hottest', bytes: '00 00 03 20 23', result: reading(800, 0) },
  { reason: 'dampest', bytes: '03 e8 00 00 eb', result: reading(0, 1000) },
  { reason: 'an AM2301 sends the same', bytes: '02 8c 01 5f ee', result: reading(351, 652), model: 'dht21' },
  { reason: 'the checksum is the low byte of the sum', bytes: '03 ff 00 ff 01', result: outOfRange },
  { reason: 'damper than damp', bytes: '03 e9 00 00 ec', result: outOfRange },
  { reason: 'hotter than the range', bytes: '00 00 03 21 24', result: outOfRange },
  { reason: 'colder than the range', bytes: '00 00 81 91 12', result: outOfRange },
  { reason: "colder than the range, two's complement", bytes: '00 00 fe 6f 6d', result: outOfRange },
  { reason: 'a DHT11 puts whole numbers into the high bytes: 40 %, 20 °C', bytes: '28 00 14 00 3c', result: outOfRange },
  { reason: 'checksum one too large', bytes: '02 8c 01 5f ef', result: badChecksum() },
  { reason: 'checksum without its top bit', bytes: '02 8c 01 5f 6e', result: badChecksum() },
  { reason: 'checksum of all zeros', bytes: '02 8c 01 5f 00', result: badChecksum() },
  // --- Impostors --------------------------------------------------------------------------------------------------------
  { reason: 'a line stuck low: the sum of zeros is right', bytes: '00 00 00 00 00', result: impostor },
  { reason: 'a line stuck high', bytes: 'ff ff ff ff ff', result: impostor },
  { reason: 'a line stuck high for four bytes', bytes: 'ff ff ff ff fc', result: outOfRange },
  { reason: '1 °C and 1 %: what some parts send instead of a measurement', bytes: '00 0a 00 0a 14', result: impostor },
  { reason: '1 °C alone is none', bytes: '01 00 00 0a 0b', result: reading(10, 256) },
  { reason: '1 % alone is none', bytes: '00 0a 00 c8 d2', result: reading(200, 10) },
  { reason: 'a DHT11 that sends 1 °C and 1 %', bytes: '01 00 01 00 02', result: impostor, model: 'dht11' },
  // --- DHT11 ------------------------------------------------------------------------------------------------------------
  { reason: 'the example of the datasheet: 53 %, 24.4 °C', bytes: '35 00 18 04 51', result: reading(244, 530), model: 'dht11' },
  {
    reason: 'below zero: bit 7 of the tenths is the sign (datasheet)',
    bytes: '35 00 0a 81 c0',
    result: reading(-101, 530),
    model: 'dht11',
  },
  { reason: 'minus zero is zero', bytes: '35 00 00 80 b5', result: reading(0, 530), model: 'dht11' },
  { reason: 'tenths of humidity, as newer parts send them', bytes: '35 07 18 00 54', result: reading(240, 537), model: 'dht11' },
  { reason: 'ten tenths are no tenths', bytes: '35 0a 18 00 57', result: outOfRange, model: 'dht11' },
  { reason: 'hotter than a DHT11 can tell', bytes: '35 00 3c 01 72', result: outOfRange, model: 'dht11' },
  { reason: 'a DHT22 taken for a DHT11', bytes: '02 8c 01 5f ee', result: outOfRange, model: 'dht11' },
  // --- SI7021 behind a plug for a DHT -------------------------------------------------------------------------------------
  { reason: 'sends what a DHT22 sends', bytes: '02 58 00 e1 3b', result: reading(225, 600), model: 'si7021' },
  { reason: 'goes on to 125 °C', bytes: '00 c8 04 e2 ae', result: reading(1250, 200), model: 'si7021' },
  { reason: 'and no further', bytes: '00 c8 04 e3 af', result: outOfRange, model: 'si7021' },
  // --- From public reports ------------------------------------------------------------------------------------------------
  { reason: '22.6 °C, 60.2 % (arendst/Sonoff-MQTT-OTA-Arduino#335)', bytes: '02 5a 00 e2 3e', result: reading(226, 602) },
  { reason: '24.7 °C, 92.2 %: the high byte counts (the same)', bytes: '03 9a 00 f7 94', result: reading(247, 922) },
  {
    reason: "a clone between +0.1 and -0.1 °C says -0, not two's complement (RobTillaart/DHTNew#52)",
    bytes: '01 f3 80 00 74',
    result: reading(0, 499),
  },
  { reason: 'the same clone at -0.1 °C (the same)', bytes: '01 f5 ff ff f4', result: reading(-1, 501) },
  { reason: 'and at -0.3 °C, which others show as -3276.5 °C (the same)', bytes: '01 fb ff fd f8', result: reading(-3, 507) },
  { reason: 'a freezer at -18 °C (hasenradball/AM2302-Sensor#14)', bytes: '02 58 ff 4c a5', result: reading(-180, 600) },
  { reason: "a clone with two's complement of 12 bits (esphome/issues#5322)", bytes: '02 58 0f f8 61', result: reading(-8, 600) },
  { reason: 'humidity of 3317.3 %: a first bit too early (RobTillaart/DHTNew#63)', bytes: '81 95 00 53 69', result: outOfRange },
  {
    reason: '38 %, 28 °C from a DHT11 (hutscape.com, logic analyzer)',
    bytes: '26 00 1c 00 42',
    result: reading(280, 380),
    model: 'dht11',
  },
];

interface PulseLengths {
  readonly lowUs: number;
  readonly zeroUs: number;
  readonly oneUs: number;
}

const TYPICAL: PulseLengths = { lowUs: 50, zeroUs: 26, oneUs: 70 };

/** 35.1 °C, 65.2 %: bits 00000010 10001100 00000001 01011111 11101110. */
const EXAMPLE = '02 8c 01 5f ee';

/** Edges of an answer: response, 40 bits, closing low. */
function answer(bytes: string = EXAMPLE, { lowUs, zeroUs, oneUs }: PulseLengths = TYPICAL): number[] {
  const edges = [0, 80];
  let atUs = 160;
  for (const byte of hex(bytes)) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      edges.push(atUs, atUs + lowUs);
      atUs += lowUs + (byte & mask ? oneUs : zeroUs);
    }
  }
  edges.push(atUs, atUs + lowUs);
  return edges;
}

/** Edges of an answer whose bits, from one falling edge to the next, take `bitsUs`. */
function answerOf(bitsUs: readonly number[], lowUs: number): number[] {
  let atUs = 160;
  const edges = [0, 80];
  for (const bitUs of bitsUs) {
    edges.push(atUs, atUs + lowUs);
    atUs += bitUs;
  }
  return [...edges, atUs, atUs + lowUs];
}

/** Index of the edge at which `bit` begins. */
const fallOf = (bit: number) => 2 + 2 * bit;
const riseOf = (bit: number) => fallOf(bit) + 1;

/** The example with edge `index` moved by `byUs`. */
const moved = (index: number, byUs: number) => answer().map((edgeUs, at) => (at === index ? edgeUs + byUs : edgeUs));

/** The example in which everything from edge `index` on comes `byUs` later. */
const delayed = (index: number, byUs: number) => answer().map((edgeUs, at) => (at >= index ? edgeUs + byUs : edgeUs));

/** `edges` without edge `index` and the next: they were merged, and the level was as before. */
const merged = (index: number, edges: readonly number[] = answer()) => edges.toSpliced(index, 2);

/** `edges` with a pulse of `lengthUs`, `afterUs` behind edge `index`. */
const withPulse = (index: number, afterUs: number, lengthUs: number) => {
  const edges = answer();
  const fromUs = (edges[index] as number) + afterUs;
  return edges.toSpliced(index + 1, 0, fromUs, fromUs + lengthUs);
};

/** As a host sees it whose first edge comes earlier, or later: µs since the first. */
const sinceFirst = (edges: readonly number[]) => edges.map((edgeUs) => edgeUs - (edges[0] as number));

const whole = reading(351, 652);
const repaired = (edges: number) => reading(351, 652, edges);

export const PULSE_VECTORS: readonly PulseVector[] = [
  // --- What a good line gives -------------------------------------------------------------------------------------------
  { reason: 'typical lengths', edgesUs: answer(), result: whole },
  { reason: 'shortest lengths', edgesUs: answer(EXAMPLE, { lowUs: 48, zeroUs: 22, oneUs: 68 }), result: whole },
  { reason: 'longest lengths', edgesUs: answer(EXAMPLE, { lowUs: 55, zeroUs: 30, oneUs: 75 }), result: whole },
  {
    reason: 'a long cable makes slow rises: lows longer, highs shorter',
    edgesUs: answer(EXAMPLE, { lowUs: 60, zeroUs: 16, oneUs: 60 }),
    result: whole,
  },
  {
    reason: 'even where a one is shorter than a low',
    edgesUs: answer(EXAMPLE, { lowUs: 64, zeroUs: 12, oneUs: 57 }),
    result: whole,
  },
  { reason: 'all bits of the temperature are 1', edgesUs: answer('03 e8 ff ff e9'), result: reading(-1, 1000) },
  { reason: 'hardly a one: 0 °C', edgesUs: answer('00 01 00 00 01'), result: reading(0, 1) },
  { reason: 'the end of the closing low was not captured', edgesUs: answer().slice(0, -1), result: whole },
  {
    reason: "the host's own pulse is in front",
    edgesUs: [0, 1100, ...answer().map((edgeUs) => edgeUs + 1130)],
    result: whole,
  },
  {
    reason: 'the long pulse for a DHT11 is in front',
    edgesUs: [0, 20_000, ...answer('35 00 18 04 51').map((edgeUs) => edgeUs + 20_030)],
    result: reading(244, 530),
    model: 'dht11',
  },
  {
    reason: 'an AM2301 that sends three bytes of zeros more (momenso/node-dht-sensor#47)',
    edgesUs: answer('02 8c 01 5f ee 00 00 00').slice(0, 88),
    result: whole,
  },
  {
    reason: 'a DHT11 as it was timed: 19 %, 37 °C (bertmelis/DHT#2)',
    edgesUs: answerOf(
      [
        76, 78, 79, 125, 78, 78, 126, 126, 77, 78, 78, 78, 78, 78, 78, 79, 78, 78, 126, 78, 78, 125, 78, 126, 79, 77, 78, 79, 78,
        78, 78, 79, 78, 79, 126, 125, 126, 78, 78, 78,
      ],
      54,
    ),
    result: reading(370, 190),
    model: 'dht11',
  },
  // --- No answer --------------------------------------------------------------------------------------------------------
  { reason: 'no sensor, or no power', edgesUs: [], result: noResponse },
  { reason: 'the line falls and stays low: a short circuit', edgesUs: [0], result: noResponse },
  { reason: 'half a response', edgesUs: [0, 80], result: noResponse },
  { reason: "nothing but the host's own pulse", edgesUs: [0, 1100], result: noResponse },
  { reason: 'something that is no response', edgesUs: [0, 10, 500, 510, 900, 910], result: noResponse },
  // --- An answer that stops ---------------------------------------------------------------------------------------------
  { reason: 'a response and nothing else', edgesUs: answer().slice(0, fallOf(0) + 1), result: bitMissing(0) },
  ...[0, 1, 7, 8, 20, 38, 39].flatMap((bit): PulseVector[] => [
    { reason: `the line stays low in bit ${bit}`, edgesUs: answer().slice(0, riseOf(bit)), result: bitMissing(bit) },
    { reason: `the line stays high in bit ${bit}`, edgesUs: answer().slice(0, riseOf(bit) + 1), result: bitMissing(bit) },
  ]),
  // --- Late edges -------------------------------------------------------------------------------------------------------
  { reason: 'a rise 20 µs late: still in its place', edgesUs: moved(riseOf(6), 18), result: whole },
  { reason: 'a rise 45 µs late: a 1 looks like a 0', edgesUs: moved(riseOf(6), 45), result: repaired(1) },
  { reason: 'a fall 45 µs late: a 0 looks like a 1', edgesUs: moved(fallOf(4), 45), result: repaired(1) },
  { reason: 'the first edge 40 µs late', edgesUs: sinceFirst(moved(0, 40)), result: repaired(1) },
  { reason: 'the second edge 40 µs late', edgesUs: moved(1, 40), result: repaired(1) },
  { reason: 'the fall of bit 0 is 40 µs late', edgesUs: moved(fallOf(0), 40), result: repaired(1) },
  { reason: 'the last fall 40 µs late', edgesUs: moved(fallOf(40), 40), result: repaired(1) },
  {
    reason: 'two edges late, far from each other',
    edgesUs: moved(fallOf(4), 40).map((edgeUs, at) => (at === riseOf(25) ? edgeUs + 40 : edgeUs)),
    result: repaired(2),
  },
  {
    reason: 'both edges of a bit served together, at the later one: no pulse is left',
    edgesUs: moved(riseOf(4), 26),
    result: repaired(1),
  },
  {
    reason: 'edges in the wrong order: jitter that is longer than a pulse',
    edgesUs: moved(riseOf(4), 14).map((edgeUs, at) => (at === fallOf(5) ? edgeUs - 14 : edgeUs)),
    result: whole,
  },
  // --- Merged edges -----------------------------------------------------------------------------------------------------
  { reason: 'the high of a 0 was not seen', edgesUs: merged(riseOf(4)), result: repaired(2) },
  { reason: 'the high of a 1 was not seen', edgesUs: merged(riseOf(6)), result: repaired(2) },
  { reason: 'the low between two zeros was not seen', edgesUs: merged(fallOf(4)), result: repaired(2) },
  { reason: 'the low between two ones was not seen', edgesUs: merged(fallOf(13)), result: repaired(2) },
  {
    reason: 'the low between 0 and 1 was not seen: the checksum tells which came first',
    edgesUs: merged(fallOf(6)),
    result: repaired(2),
  },
  { reason: 'the low between 1 and 0 was not seen', edgesUs: merged(fallOf(7)), result: repaired(2) },
  { reason: 'the same across two bytes', edgesUs: merged(fallOf(32)), result: repaired(2) },
  { reason: 'the same in the checksum itself', edgesUs: merged(fallOf(35)), result: repaired(2) },
  {
    reason: 'at two places the order is not known: too much is left to the checksum',
    edgesUs: merged(fallOf(6), merged(fallOf(24))),
    result: ambiguous(5),
  },
  {
    reason: 'with the last two edges the last bit is gone',
    edgesUs: answer().slice(0, -2),
    result: bitMissing(39),
  },
  { reason: 'six edges are missing in a row', edgesUs: answer().toSpliced(fallOf(10), 6), result: bitMissing(9) },
  // --- Edges too many, or too few, in front -------------------------------------------------------------------------------
  { reason: 'the first edge is missing: what falls seems to rise', edgesUs: sinceFirst(answer().slice(1)), result: repaired(1) },
  { reason: 'the release by the host is in front', edgesUs: [0, ...answer().map((edgeUs) => edgeUs + 30)], result: repaired(1) },
  {
    reason: 'a short pulse from elsewhere is in front',
    edgesUs: [0, 5, ...answer().map((edgeUs) => edgeUs + 25)],
    result: repaired(2),
  },
  { reason: 'a short low in a high', edgesUs: withPulse(riseOf(6), 30, 5), result: repaired(2) },
  { reason: 'a short high in a low', edgesUs: withPulse(fallOf(20), 20, 5), result: repaired(2) },
  { reason: 'a pulse after a rest is not looked at', edgesUs: [...answer(), 6_000, 6_010], result: whole },
  // --- An answer that is broken -----------------------------------------------------------------------------------------
  {
    reason: 'bit 0 was not seen: others show the double, with a right checksum (momenso/node-dht-sensor#53: 02 80 02 00 84)',
    edgesUs: answer('01 40 01 00 42').toSpliced(fallOf(0), 2),
    result: reading(256, 320, 2),
  },
  { reason: 'a pause of 150 µs in the middle', edgesUs: delayed(fallOf(31), 150), result: bitMissing(30) },
  { reason: 'one that is sent wrong by the sensor itself', edgesUs: answer('02 8c 01 5f ef'), result: badChecksum() },
  {
    reason: 'a hum of 12 kHz on the line: zeros, and nothing but zeros',
    edgesUs: Array.from({ length: 84 }, (_, edge) => edge * 40 + ((edge * 37) % 29)),
    result: { fault: 'impostor', faultBit: 0 },
  },
];
