// The spool against a model that keeps everything in plain arrays.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ContractError } from '../../firmware/errors.js';
import { type OverflowPolicy, READING_BYTES, Spool } from '../../firmware/spool/spool.js';

const CURSORS = 3;
const IGNORED = { onDelivered: () => {} };

interface Stored {
  readonly seq: number;
  readonly values: readonly [uptimeSeconds: number, temperatureTenths: number, humidityTenths: number];
}

/** What a spool does, in the simplest words. */
class Model {
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  held: Stored[] = [];
  nextSeq = 0;
  dropped = 0;
  cursors: number[] = new Array(CURSORS).fill(0);
  readonly givenUp = new Set<number>();
  readonly delivered: number[] = [];

  constructor(capacity: number, overflow: OverflowPolicy) {
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  append(values: Stored['values']): boolean {
    if (this.held.length === this.#capacity) {
      this.dropped++;
      if (this.#overflow === 'newest') return false;
      this.held.shift();
      this.cursors = this.cursors.map((cursor) => Math.max(cursor, this.firstSeq));
    }
    this.held.push({ seq: this.nextSeq++, values });
    return true;
  }

  advance(cursor: number, seq: number): void {
    this.cursors[cursor] = Math.max(this.cursors[cursor] as number, seq);
    const slowest = Math.min(...this.cursors);
    const left = this.held.filter((reading) => reading.seq < slowest).map(({ seq }) => seq);
    this.held = this.held.filter((reading) => reading.seq >= slowest);
    this.dropped += left.filter((seq) => this.givenUp.has(seq)).length;
    this.delivered.push(...left.filter((seq) => !this.givenUp.has(seq)));
  }

  get firstSeq(): number {
    return this.held[0]?.seq ?? this.nextSeq;
  }
}

type Command =
  | { readonly type: 'append'; readonly values: Stored['values'] }
  /** Moves a cursor to somewhere between a little before what is held and the next reading. */
  | { readonly type: 'advance'; readonly cursor: number; readonly share: number }
  /** Gives up one of those that are held, where there is one. */
  | { readonly type: 'give-up'; readonly which: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('append' as const),
    values: fc.tuple(fc.nat(0xffff_ffff), fc.integer({ min: -600, max: 1_000 }), fc.integer({ min: 0, max: 1_000 })),
  }),
  fc.record({
    type: fc.constant('advance' as const),
    cursor: fc.nat(CURSORS - 1),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ type: fc.constant('give-up' as const), which: fc.nat(8) }),
);

function assertSame(spool: Spool, model: Model): void {
  assert.deepEqual(
    {
      firstSeq: spool.firstSeq,
      nextSeq: spool.nextSeq,
      length: spool.length,
      dropped: spool.dropped,
      cursors: model.cursors.map((_, cursor) => spool.cursor(cursor)),
      held: model.held.map(({ seq }) => [spool.uptimeSeconds(seq), spool.temperatureTenths(seq), spool.humidityTenths(seq)]),
    },
    {
      firstSeq: model.firstSeq,
      nextSeq: model.nextSeq,
      length: model.held.length,
      dropped: model.dropped,
      cursors: model.cursors,
      held: model.held.map(({ values }) => [...values]),
    },
  );
}

describe('spool', () => {
  for (const overflow of ['oldest', 'newest'] as const) {
    it(`does as the model does, dropping the ${overflow}`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9 }), fc.array(command, { maxLength: 80, size: 'max' }), (capacity, commands) => {
          const delivered: number[] = [];
          const spool = new Spool({
            capacity,
            overflow,
            cursorCount: CURSORS,
            listener: { onDelivered: (seq) => delivered.push(seq) },
          });
          const model = new Model(capacity, overflow);
          for (const each of commands) {
            if (each.type === 'append') {
              assert.equal(spool.append(...each.values), model.append(each.values));
            } else if (each.type === 'give-up') {
              const reading = model.held[each.which];
              if (!reading) continue;
              spool.giveUp(reading.seq);
              model.givenUp.add(reading.seq);
            } else {
              const from = Math.max(0, model.firstSeq - 2);
              const seq = from + Math.round(each.share * (model.nextSeq - from));
              spool.advance(each.cursor, seq);
              model.advance(each.cursor, seq);
            }
            assertSame(spool, model);
            assert.deepEqual(delivered, model.delivered);
          }
        }),
        { seed: 20_251_122, numRuns: 300 },
      );
    });
  }

  it('keeps a reading in 8 bytes (design §5), to the limits of each number', () => {
    assert.equal(READING_BYTES, 8);
    const spool = new Spool({ capacity: 2, overflow: 'oldest', cursorCount: 1, listener: IGNORED });
    spool.append(0xffff_ffff, -600, 1_000);
    spool.append(0, 1_000, 0);
    assert.deepEqual([spool.uptimeSeconds(0), spool.temperatureTenths(0), spool.humidityTenths(0)], [0xffff_ffff, -600, 1_000]);
    assert.deepEqual([spool.uptimeSeconds(1), spool.temperatureTenths(1), spool.humidityTenths(1)], [0, 1_000, 0]);
  });

  it('holds a reading until the last cursor has passed it', () => {
    const spool = new Spool({ capacity: 4, overflow: 'oldest', cursorCount: 2, listener: IGNORED });
    spool.append(1, 0, 0);
    spool.append(2, 0, 0);
    spool.advance(0, 2);
    assert.equal(spool.length, 2);
    spool.advance(1, 1);
    assert.equal(spool.firstSeq, 1);
    spool.advance(1, 2);
    assert.equal(spool.length, 0);
  });

  it('takes no cursor back', () => {
    const spool = new Spool({ capacity: 4, overflow: 'oldest', cursorCount: 1, listener: IGNORED });
    spool.append(1, 0, 0);
    spool.advance(0, 1);
    spool.advance(0, 0);
    assert.equal(spool.cursor(0), 1);
  });

  describe('throws where its caller is wrong:', () => {
    const held = () => {
      const spool = new Spool({ capacity: 2, overflow: 'oldest', cursorCount: 1, listener: IGNORED });
      for (let uptime = 0; uptime < 3; uptime++) spool.append(uptime, 0, 0);
      return spool; // holds 1 and 2
    };
    const rows: readonly (readonly [reason: string, mistake: () => void])[] = [
      ['no room', () => new Spool({ capacity: 0, overflow: 'oldest', cursorCount: 1, listener: IGNORED })],
      ['nobody who reads', () => new Spool({ capacity: 1, overflow: 'oldest', cursorCount: 0, listener: IGNORED })],
      ['a reading that is gone', () => held().temperatureTenths(0)],
      ['a reading that is yet to come', () => held().uptimeSeconds(3)],
      ['a reading before all others', () => held().humidityTenths(-1)],
      ['a reading given up that is gone', () => held().giveUp(0)],
      ['a cursor beyond the next reading', () => held().advance(0, 4)],
    ];
    for (const [reason, mistake] of rows) it(reason, () => assert.throws(mistake, ContractError));
  });
});
