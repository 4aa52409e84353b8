// What a board is set to: what is built in, what was set on it, and what comes of a change.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MemoryFlash } from '../../../firmware/platform/simulated/flash.js';
import { Configuration } from '../../../firmware/station/configuration.js';
import type { JsonObject } from '../../../firmware/station/json.js';
import { SettingError } from '../../../firmware/station/settings.js';
import { SettingsStore } from '../../../firmware/station/settings-store.js';
import { NodeTcp } from '../../../host-sim/ports/node-tcp.js';

const BUILT_IN = { room: 'salon', wifi: 'classe', interval: 20 };

const boot = (flash: MemoryFlash, builtIn: JsonObject = BUILT_IN) =>
  new Configuration({ builtIn, flash, station: 'a4cf12f0a1b2', transports: { tcp: NodeTcp } });

/** A flash in which somebody has stored `settings`, whether this firmware knows them or not. */
function flashWith(settings: JsonObject): MemoryFlash {
  const flash = new MemoryFlash();
  assert.ok(new SettingsStore(flash).save({ settings, isTrial: false, leaves: '', withdraws: false, id: '' }));
  return flash;
}

describe('configuration', () => {
  it('is what is built in, and over it what was set on this board', () => {
    const flash = new MemoryFlash();
    const { room, interval, window } = boot(flash).settings;
    assert.deepEqual({ room, interval, window }, { room: 'salon', interval: 20, window: 8 });
    boot(flash).change({ interval: 5 }, false, '');
    assert.equal(boot(flash).settings.interval, 5);
    assert.equal(boot(flash, { ...BUILT_IN, interval: 60, window: 4 }).settings.interval, 5, 'also over a new image');
  });

  it('takes back what was set with null, and nothing else with it', () => {
    const flash = new MemoryFlash();
    boot(flash).change({ interval: 5, window: 4 }, false, '');
    boot(flash).change({ interval: null }, false, '');
    const { interval, window } = boot(flash).settings;
    assert.deepEqual({ interval, window }, { interval: 20, window: 4 });
    assert.throws(() => boot(flash).change({ colour: null }, false, ''), SettingError);
  });

  it('is changed whole or not at all', () => {
    const flash = new MemoryFlash();
    assert.throws(() => boot(flash).change({ interval: 5, window: 0 }, false, ''), /^SettingError: setting window: 0/);
    assert.throws(() => boot(flash).change({ password: 'secret' }, false, ''), /^SettingError: setting user/);
    assert.ok(flash.bytes.every((byte) => byte === 0xff));
  });

  it('writes nothing where nothing changes: flash wears out', () => {
    const flash = new MemoryFlash();
    boot(flash).change({ interval: 5 }, false, '');
    const before = flash.bytes.slice();
    assert.equal(boot(flash).change({ interval: 5 }, true, ''), undefined);
    assert.deepEqual(flash.bytes, before);
  });

  it('leaves out what an image of another version has stored and this one does not allow', () => {
    const { room, interval, window } = boot(flashWith({ colour: 'red', interval: 1, window: 4 })).settings;
    assert.deepEqual({ room, interval, window }, { room: 'salon', interval: 20, window: 4 });
    assert.equal(boot(flashWith({ broker: 'mqtts://host' })).settings.broker, 'mqtt://127.0.0.1:1883', 'a machine without TLS');
    assert.equal(boot(flashWith({ password: 'secret' })).settings.password, '', 'a login that misses its user');
  });

  it('knows which topics a change leaves', () => {
    const leavesOf = (changes: JsonObject) => {
      const flash = new MemoryFlash();
      boot(flash).change(changes, false, '');
      return new SettingsStore(flash).read()?.leaves;
    };
    assert.equal(leavesOf({ interval: 5 }), '');
    assert.equal(leavesOf({ room: 'bureau' }), 'maison/salon/+');
    assert.equal(leavesOf({ prefix: 'école' }), 'maison/salon/+');
    assert.equal(leavesOf({ template: '{room}/{quantity}/x' }), 'maison/salon/+');
    assert.equal(leavesOf({ room: 'salon' }), '');
  });

  it('remembers what is still to be cleared over a second change, but not what is in use again', () => {
    const flash = new MemoryFlash();
    boot(flash).change({ room: 'bureau' }, false, '');
    boot(flash).change({ interval: 5 }, false, '');
    assert.equal(new SettingsStore(flash).read()?.leaves, 'maison/salon/+');
    boot(flash).change({ room: 'salon' }, false, '');
    assert.equal(new SettingsStore(flash).read()?.leaves, 'maison/bureau/+');
  });

  it('tells of a secret only whether there is one', () => {
    const flash = new MemoryFlash();
    boot(flash).change({ stationKey: 'a secret key', wifiPassword: 'another one' }, false, '');
    const described = boot(flash).describe();
    assert.deepEqual(
      ['stationKey', 'wifiPassword', 'wifi2Password', 'password', 'room'].map((name) => described[name]),
      [true, true, false, false, 'salon'],
    );
  });

  it('says so where the flash keeps nothing', () => {
    const flash = new MemoryFlash();
    flash.write = () => {
      throw new Error('write fail');
    };
    assert.throws(
      () => boot(flash).change({ interval: 5 }, false, ''),
      /setting settings: .* allowed: what the flash of this board/,
    );
  });
});
