// The serial line: what each line is answered, however it comes in and however slowly it goes out.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Serial, SerialOptions } from '../../../firmware/ports.js';
import type { JsonObject } from '../../../firmware/station/json.js';
import { LINE_MAXIMUM_BYTES, SerialLine } from '../../../firmware/station/serial-line.js';
import { SettingError } from '../../../firmware/station/settings.js';

/** A serial line whose other end the test holds, and the board that it belongs to. */
class Bench {
  readonly stored: JsonObject[] = [];
  restarts = 0;
  written = '';
  readonly line: SerialLine;
  #options: SerialOptions | undefined;
  #input: Uint8Array = new Uint8Array(0);
  #room = 0;

  constructor() {
    const bench = this;
    class FakeSerial implements Serial {
      constructor(options: SerialOptions) {
        bench.#options = options;
      }

      read(buffer: Uint8Array): number {
        assert.ok(buffer.length <= bench.#input.length, 'reads more than there is');
        buffer.set(bench.#input.subarray(0, buffer.length));
        bench.#input = bench.#input.subarray(buffer.length);
        return buffer.length;
      }

      write(bytes: Uint8Array): void {
        assert.ok(bytes.length > 0 && bytes.length <= bench.#room, `writes ${bytes.length} of ${bench.#room}`);
        bench.#room -= bytes.length;
        bench.written += Buffer.from(bytes).toString('latin1');
      }
    }
    this.line = new SerialLine(FakeSerial, {
      describeSettings: () => ({ room: 'salle 2', password: true }),
      describeStation: () => ({ station: 'a4cf12f0a1b2' }),
      store: (changes) => {
        if (changes['room'] === 'a/b') throw new SettingError('room', 'a/b', 'one level');
        this.stored.push(changes);
      },
      restart: () => {
        this.restarts++;
      },
      onActivity: () => {},
    });
  }

  /** The other end takes `byteCount` bytes at most. */
  open(byteCount: number): this {
    this.#room = byteCount;
    this.#options?.onWritable(byteCount);
    return this;
  }

  type(bytes: string | Uint8Array): this {
    this.#input = typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes)) : bytes;
    this.#options?.onReadable(this.#input.length);
    return this;
  }

  get answers(): unknown[] {
    const text = Buffer.from(this.written, 'latin1').toString();
    assert.ok(text === '' || text.endsWith('\r\n'), 'whole lines');
    return text
      .split('\r\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }
}

const open = () => new Bench().open(100_000);

describe('serial line', () => {
  it('says who is here', () => {
    const bench = open();
    bench.line.announce();
    assert.deepEqual(bench.answers, [{ info: { station: 'a4cf12f0a1b2' } }]);
  });

  const requests: readonly (readonly [line: string, answer: JsonObject | RegExp])[] = [
    ['{"get":"settings"}', { settings: { room: 'salle 2', password: true } }],
    ['  {"get": "info"}  ', { info: { station: 'a4cf12f0a1b2' } }],
    ['{"set":{"room":"école","interval":null}}', { ok: true }],
    ['{"restart":true}', { ok: true }],
    ['{"set":{"room":"a/b"}}', /^setting room: "a\/b" is not allowed/],
    ['{"set":7}', /^say /],
    ['{"get":"password"}', /^say /],
    ['{"restart":"yes"}', /^say /],
    ['{}', /^say /],
    ['help', /^that is no object/],
    ['{"get":', /^that is no object/],
    ['{"set":{"a":{"b":1}}}', /^that is no object/],
    [`{"set":{${Array.from({ length: 70 }, (_, index) => `"s${index}":1`).join()}}}`, /^that is no object/],
    ['\u0001\u0000', /^that is no object/],
  ];
  for (const ending of ['\n', '\r', '\r\n']) {
    it(`answers each line that ends with ${JSON.stringify(ending)}`, () => {
      for (const [line, expected] of requests) {
        const bench = open().type(line + ending);
        const [answer, ...more] = bench.answers as Record<string, unknown>[];
        assert.equal(more.length, 0);
        if (expected instanceof RegExp) assert.match(String(answer?.['error']), expected, line);
        else assert.deepEqual(answer, expected);
      }
    });
  }

  it('takes lines cut anywhere, and several at once', () => {
    const bench = open();
    for (const byte of Buffer.from('{"set":{"room":"é"}}\n')) bench.type(Uint8Array.of(byte));
    bench.type('{"restart":true}\n{"set":{"room":"b"}}\n');
    assert.deepEqual(bench.stored, [{ room: 'é' }, { room: 'b' }]);
    assert.equal(bench.restarts, 1);
    assert.equal(bench.answers.length, 3);
  });

  it('takes the longest line, and says so of one that is longer, whatever it holds', () => {
    const room = 'x'.repeat(LINE_MAXIMUM_BYTES - '{"set":{"room":""}}'.length);
    const bench = open().type(`{"set":{"room":"${room}"}}\n`);
    assert.deepEqual(bench.stored, [{ room }]);
    bench.type(`{"set":{"room":"${room}x"}}\n`).type('{"restart":true}\n');
    assert.deepEqual(bench.answers.slice(1), [{ error: 'a line has at most 2048 bytes' }, { ok: true }]);
    assert.equal(bench.stored.length, 1);
  });

  it('is no UTF-8: not taken', () => {
    const bench = open().type(Buffer.from([...Buffer.from('{"set":{"room":"'), 0xff, ...Buffer.from('"}}\n')]));
    assert.match(String((bench.answers[0] as JsonObject)['error']), /^that is no object/);
  });

  it('answers as fast as the line takes it', () => {
    const bench = new Bench().type('{"get":"settings"}\n{"get":"info"}\n');
    assert.equal(bench.line.isIdle, false);
    for (let turn = 0; turn < 20; turn++) bench.open(7);
    assert.equal(bench.line.isIdle, true);
    assert.equal(bench.answers.length, 2);
  });

  it('keeps no more than 4 KB for somebody who does not read', () => {
    const bench = new Bench();
    for (let count = 0; count < 1_000; count++) bench.type('{"get":"info"}\n');
    bench.open(100_000);
    assert.ok(bench.written.length <= 4_096 && bench.written.length > 4_000);
    assert.ok(bench.answers.length > 0);
  });
});
