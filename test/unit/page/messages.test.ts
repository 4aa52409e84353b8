// Payloads that are readings, and all the others that are not.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseBatch, parseInterval, parseValue } from '../../../host-sim/page/record/messages.js';

const bytes = (text: string) => Buffer.from(text);

describe('page: payloads of values', () => {
  const rows: readonly (readonly [quantity: 'temperature' | 'humidity', payload: string, value: number | undefined])[] = [
    ['temperature', '21.4', 21.4],
    ['temperature', '-0.2', -0.2],
    ['temperature', '+21', 21],
    ['temperature', ' 21.437\n', 21.437],
    ['temperature', '-100', -100],
    ['temperature', '-100.1', undefined],
    ['temperature', '200.1', undefined],
    ['temperature', 'NaN', undefined],
    ['temperature', 'Infinity', undefined],
    ['temperature', '1e3', undefined],
    ['temperature', '0x10', undefined],
    ['temperature', '21,4', undefined],
    ['temperature', '21.4 °C', undefined],
    ['temperature', '', undefined],
    ['temperature', '.', undefined],
    ['temperature', `1${'0'.repeat(40)}`, undefined],
    ['humidity', '0', 0],
    ['humidity', '100', 100],
    ['humidity', '100.1', undefined],
    ['humidity', '-1', undefined],
  ];
  for (const [quantity, payload, value] of rows) {
    it(`${quantity} ${JSON.stringify(payload)} is ${value}`, () => assert.equal(parseValue(quantity, bytes(payload)), value));
  }

  it('bytes that are no UTF-8 are no value', () => assert.equal(parseValue('temperature', Uint8Array.of(0xff, 0x31)), undefined));
});

const reading = { seq: 42, time: 1_763_858_312, temperature: 21.4, humidity: 45.2 };
const batch = { station: 'a4cf12f0a1b2', boot: 2_781_932_331, readings: [reading] };

describe('page: payloads of readings', () => {
  it("takes the contract's own example", () => {
    const expected = { ...batch, readings: [{ ...reading, uptime: null }] };
    assert.deepEqual(parseBatch(bytes(JSON.stringify(batch))), expected);
  });

  it('takes a reading of a station that did not know the time', () => {
    const timeless = { ...reading, time: null, uptime: 17 };
    assert.deepEqual(parseBatch(bytes(JSON.stringify({ ...batch, readings: [timeless] })))?.readings, [timeless]);
  });

  const refused: readonly (readonly [what: string, payload: unknown])[] = [
    ['no object', [batch]],
    ['no station', { ...batch, station: undefined }],
    ['a station with markup', { ...batch, station: '<b>4cf12f0a1b2</b>' }],
    ['a boot of 33 bits', { ...batch, boot: 2 ** 32 }],
    ['a boot as text', { ...batch, boot: '1' }],
    ['no readings', { ...batch, readings: [] }],
    ['readings that are none', { ...batch, readings: [null] }],
    ['one bad reading among good ones', { ...batch, readings: [reading, { ...reading, seq: -1 }] }],
    ['too many readings', { ...batch, readings: Array(513).fill(reading) }],
    ['a temperature as text', { ...batch, readings: [{ ...reading, temperature: '21.4' }] }],
    ['no humidity', { ...batch, readings: [{ ...reading, humidity: null }] }],
    ['a humidity beyond 100', { ...batch, readings: [{ ...reading, humidity: 101 }] }],
    ['a time of 1970', { ...batch, readings: [{ ...reading, time: 12 }] }],
    ['neither time nor uptime', { ...batch, readings: [{ ...reading, time: null }] }],
  ];
  for (const [what, payload] of refused) {
    it(`refuses ${what}`, () => assert.equal(parseBatch(bytes(JSON.stringify(payload))), undefined));
  }

  it('refuses a payload of 1 MB without reading it', () => {
    assert.equal(parseBatch(bytes(JSON.stringify({ ...batch, note: 'x'.repeat(1 << 20) }))), undefined);
  });

  it('survives whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (payload) => {
        parseBatch(payload);
        parseValue('humidity', payload);
        parseInterval(payload);
      }),
    );
  });
});

describe('page: the interval in info', () => {
  const rows: readonly (readonly [payload: string, seconds: number | undefined])[] = [
    ['{"interval":10}', 10],
    ['{"interval":0}', undefined],
    ['{"interval":86401}', undefined],
    ['{"interval":"10"}', undefined],
    ['{}', undefined],
    ['{', undefined],
  ];
  for (const [payload, seconds] of rows) it(`${payload} is ${seconds}`, () => assert.equal(parseInterval(bytes(payload)), seconds));
});
