// The settings record in flash: what counts after a power cut at every byte, and how a trial ends.

import assert from 'node:assert/strict';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, it } from 'mocha';
import { crc32, PAYLOAD_MAXIMUM_BYTES, type SettingsRecord, SettingsStore } from '../../../firmware/station/settings-store.js';
import { FailingFlash } from './failing-flash.js';

const record = (room: string, isTrial = false): SettingsRecord => ({
  settings: { room },
  isTrial,
  leaves: '',
  withdraws: false,
  id: '',
});

const roomOf = (flash: FailingFlash) => new SettingsStore(flash).read()?.settings['room'];

/** A flash in which `rooms` were stored one after the other, each final. */
function flashWith(...rooms: string[]): FailingFlash {
  const flash = new FailingFlash();
  for (const room of rooms) assert.ok(new SettingsStore(flash).save(record(room)));
  return flash;
}

function copyOf(flash: FailingFlash): FailingFlash {
  const copy = new FailingFlash();
  copy.bytes.set(flash.bytes);
  return copy;
}

/** Steps that `act` takes on a copy of `flash`. */
function stepsOf(flash: FailingFlash, act: (flash: FailingFlash) => void): number {
  const copy = copyOf(flash);
  act(copy);
  return copy.steps;
}

/** Cuts the power at every step of `act`, and hands over what is left in the flash. */
function cutEverywhere(
  flash: FailingFlash,
  act: (flash: FailingFlash) => void,
  check: (left: FailingFlash, steps: number) => void,
): void {
  for (const erasesBackwards of [false, true]) {
    const count = stepsOf(flash, act);
    assert.ok(count > 0);
    for (let steps = 0; steps <= count; steps++) {
      const copy = copyOf(flash);
      copy.erasesBackwards = erasesBackwards;
      copy.stepsLeft = steps;
      try {
        act(copy);
      } catch {
        // The power is gone.
      }
      copy.stepsLeft = Number.POSITIVE_INFINITY;
      check(copy, steps);
    }
  }
}

describe('settings store', () => {
  it('has nothing at first, and knows what was stored last', () => {
    const flash = new FailingFlash();
    assert.equal(new SettingsStore(flash).read(), undefined);
    for (const room of ['un', 'deux', 'trois', 'quatre']) {
      assert.ok(new SettingsStore(flash).save(record(room)));
      assert.deepEqual(new SettingsStore(flash).read(), record(room));
    }
  });

  it('keeps the old record or the new one, wherever the power is cut', () => {
    for (const rooms of [[], ['un'], ['un', 'deux'], ['un', 'deux', 'trois']]) {
      const flash = flashWith(...rooms);
      const seen = new Set<unknown>();
      cutEverywhere(
        flash,
        (cut) => new SettingsStore(cut).save(record('nouveau')),
        (left, steps) => {
          const room = roomOf(left);
          seen.add(room);
          assert.ok(room === rooms.at(-1) || room === 'nouveau', `${room} after ${steps} steps`);
          assert.ok(new SettingsStore(left).save(record('encore')), 'what comes next is stored as ever');
          assert.equal(roomOf(left), 'encore');
        },
      );
      assert.deepEqual([...seen], [rooms.at(-1), 'nouveau'], 'both outcomes occur');
    }
  });

  it('says no where the flash fails, or the record is too long', () => {
    const flash = flashWith('un');
    flash.stepsLeft = 40;
    assert.equal(new SettingsStore(flash).save(record('deux')), false);
    flash.stepsLeft = Number.POSITIVE_INFINITY;
    assert.equal(new SettingsStore(flash).save(record('x'.repeat(PAYLOAD_MAXIMUM_BYTES))), false);
    assert.equal(roomOf(flash), 'un');
    assert.ok(new SettingsStore(flash).save(record('x'.repeat(PAYLOAD_MAXIMUM_BYTES - 100))));
  });

  it('finds every bit that has changed', () => {
    const flash = flashWith('un', 'deux');
    const newest = flash.bytes.findIndex((_byte, at) => Buffer.from(flash.bytes.subarray(at, at + 4)).toString() === 'SMS1');
    assert.equal(newest, 0);
    const length = 16 + (flash.bytes[8] as number);
    for (let at = 0; at < length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const copy = copyOf(flash);
        copy.bytes[at] = (copy.bytes[at] as number) ^ (1 << bit);
        assert.equal(roomOf(copy), 'un', `byte ${at}, bit ${bit}`);
      }
    }
  });

  it('takes the CRC-32 that everybody takes', () => {
    for (const text of ['', '123456789', 'é'.repeat(100)]) {
      const bytes = Buffer.from(text);
      assert.equal(crc32(bytes, 0), zlibCrc32(bytes));
      assert.equal(crc32(bytes.subarray(3), crc32(bytes.subarray(0, 3), 0)), zlibCrc32(bytes));
    }
  });
});

describe('a trial', () => {
  const begun = (flash: FailingFlash) => {
    const store = new SettingsStore(flash);
    store.begin();
    return store;
  };

  const trialOver = (room: string) => {
    const flash = flashWith('avant', room);
    assert.ok(new SettingsStore(flash).save(record('essai', true)));
    return flash;
  };

  it('counts while it lasts, and for good once it is confirmed', () => {
    const flash = trialOver('bon');
    const store = begun(flash);
    assert.ok(store.isOnTrial);
    store.confirm();
    assert.equal(store.isOnTrial, false);
    for (let start = 0; start < 10; start++) assert.equal(begun(flash).read()?.settings['room'], 'essai');
  });

  it('gives way to what was before once it is rejected, and is known until that is settled', () => {
    const flash = trialOver('bon');
    begun(flash).reject();
    const store = begun(flash);
    assert.equal(store.read()?.settings['room'], 'bon');
    assert.equal(store.isOnTrial, false);
    assert.equal(store.readRejected()?.settings['room'], 'essai');
    store.settle();
    assert.equal(begun(flash).readRejected(), undefined);
    assert.equal(roomOf(flash), 'bon');
  });

  it('of the very first settings gives way to none', () => {
    const flash = new FailingFlash();
    new SettingsStore(flash).save(record('essai', true));
    begun(flash).reject();
    assert.equal(roomOf(flash), undefined);
    assert.ok(new SettingsStore(flash).save(record('bon')));
    assert.equal(roomOf(flash), 'bon');
  });

  it('that is started three times and never confirmed is over at the fourth', () => {
    const flash = trialOver('bon');
    for (let start = 0; start < 3; start++) assert.equal(begun(flash).read()?.settings['room'], 'essai');
    assert.equal(begun(flash).read()?.settings['room'], 'bon');
    assert.equal(begun(flash).readRejected()?.settings['room'], 'essai');
  });

  it('that another replaces leaves what it would have been rolled back to', () => {
    const flash = trialOver('bon');
    cutEverywhere(
      flash,
      (cut) => new SettingsStore(cut).save(record('autre', true)),
      (left) => {
        const store = new SettingsStore(left);
        assert.ok(['essai', 'bon', 'autre'].includes(store.read()?.settings['room'] as string));
        if (store.isOnTrial) store.reject();
        assert.equal(store.read()?.settings['room'], 'bon');
      },
    );
  });

  const ends: readonly (readonly [end: 'confirm' | 'reject', outcomes: readonly string[]])[] = [
    ['confirm', ['essai']],
    ['reject', ['essai', 'bon']],
  ];
  for (const [end, outcomes] of ends) {
    it(`ends well where the power is cut during ${end}`, () => {
      const seen = new Set<string>();
      cutEverywhere(
        trialOver('bon'),
        (cut) => begun(cut)[end](),
        (left) => {
          const room = roomOf(left) as string;
          seen.add(room);
          assert.ok(outcomes.includes(room), room);
          const store = begun(left);
          if (store.isOnTrial) store[end]();
          assert.equal(roomOf(left), outcomes.at(-1));
        },
      );
      assert.deepEqual([...seen], outcomes);
    });
  }

  it('that was rejected never counts again, wherever the power is cut while it is overwritten', () => {
    const flash = trialOver('bon');
    begun(flash).reject();
    cutEverywhere(
      flash,
      (cut) => new SettingsStore(cut).save(record('nouveau')),
      (left, steps) => assert.ok(['bon', 'nouveau'].includes(roomOf(left) as string), `after ${steps} steps`),
    );
  });
});
