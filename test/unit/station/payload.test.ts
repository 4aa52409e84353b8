// Payloads: numbers written digit by digit are the numbers that JavaScript would write.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ContractError } from '../../../firmware/errors.js';
import { PayloadWriter } from '../../../firmware/station/payload.js';

const RUNS = { seed: 20_251_122, numRuns: 2_000 } as const;

function written(write: (writer: PayloadWriter) => void): string {
  const writer = new PayloadWriter(new ArrayBuffer(32));
  write(writer);
  return Buffer.from(writer.bytes.subarray(0, writer.length)).toString();
}

describe('payload', () => {
  it('writes whole numbers', () => {
    for (const value of [0, 9, 10, 99, 100, 4_294_967_295, 9_999_999_999]) {
      assert.equal(
        written((writer) => writer.whole(value)),
        String(value),
      );
    }
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) =>
        assert.equal(
          written((writer) => writer.whole(value)),
          String(value),
        ),
      ),
      RUNS,
    );
  });

  it('writes tenths with one decimal, never -0.0', () => {
    for (let value = -1_000; value <= 1_200; value++) {
      assert.equal(
        written((writer) => writer.tenths(value)),
        (value / 10).toFixed(1),
      );
    }
    assert.equal(
      written((writer) => writer.tenths(-0)),
      '0.0',
    );
  });

  it('writes one thing behind the other, and begins anew after clear', () => {
    const writer = new PayloadWriter(new ArrayBuffer(32));
    writer.text('x');
    writer.clear();
    writer.text('{"a":');
    writer.tenths(-5);
    writer.text(',"b":');
    writer.whole(7);
    writer.text('}');
    assert.equal(Buffer.from(writer.bytes.subarray(0, writer.length)).toString(), '{"a":-0.5,"b":7}');
  });

  it('fills its buffer to the last byte, and throws at one more', () => {
    const full = () => {
      const writer = new PayloadWriter(new ArrayBuffer(3));
      writer.whole(123);
      return writer;
    };
    assert.equal(full().length, 3);
    assert.throws(() => full().text('x'), ContractError);
    assert.throws(() => full().whole(1), ContractError);
    assert.throws(() => full().tenths(-1), ContractError);
  });
});
