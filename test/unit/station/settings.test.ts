// Settings: defaults, limits, and errors that say which setting, which value, and what is allowed.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseSettings, SETTING_NAMES, SettingError, type SettingName } from '../../../firmware/station/settings.js';

function errorOf(input: Record<string, unknown>): SettingError {
  try {
    parseSettings(input);
  } catch (error) {
    if (error instanceof SettingError) return error;
    throw error;
  }
  return assert.fail(`allowed: ${JSON.stringify(input)}`);
}

describe('settings', () => {
  it('are complete without any input', () => {
    assert.deepEqual(parseSettings({}), {
      wifi: '',
      wifiPassword: '',
      wifi2: '',
      wifi2Password: '',
      sntp: 'pool.ntp.org',
      prefix: 'maison',
      room: '',
      template: '{prefix}/{room}/{quantity}',
      interval: 10,
      streams: 'both',
      replay: 512,
      capacity: 512,
      overflow: 'oldest',
      broker: 'mqtt://127.0.0.1:1883',
      user: '',
      password: '',
      mqtt: 'auto',
      keepAlive: 30,
      window: 8,
      pin: 4,
      model: 'dht22',
      temperatureOffset: 0,
      humidityOffset: 0,
      stationKey: '',
      homeAssistant: false,
    });
  });

  it('take an absent value for the default', () => {
    assert.equal(parseSettings({ interval: undefined }).interval, 10);
  });

  it('take numbers and switches as text, as they come from a command line', () => {
    const settings = parseSettings({ interval: '60', temperatureOffset: '-1.5', humidityOffset: ' 2 ' });
    assert.deepEqual([settings.interval, settings.temperatureOffset, settings.humidityOffset], [60, -1.5, 2]);
    const switches = ['true', 'false'].map((homeAssistant) => parseSettings({ homeAssistant }).homeAssistant);
    assert.deepEqual(switches, [true, false]);
  });

  const allowed: readonly (readonly [setting: SettingName, value: unknown])[] = [
    ['wifi', 'é'.repeat(16)],
    ['wifiPassword', '8 octets'],
    ['wifi2Password', 'f'.repeat(64)],
    ['sntp', ''],
    ['sntp', '192.0.2.1'],
    ['stationKey', 'x'.repeat(64)],
    ['prefix', 'école/étage 1'],
    ['prefix', '/UPSSITECH'],
    ['prefix', 'x'.repeat(64)],
    ['room', 'salle 201'],
    ['room', 'é'.repeat(32)],
    ['template', '/UPSSITECH/Weather_Station/{quantity}'],
    ['template', '{quantity}'],
    ['template', `${'x'.repeat(118)}{quantity}`],
    ['interval', 2],
    ['interval', 86_400],
    ['streams', 'values'],
    ['model', 'si7021'],
    ['streams', 'readings'],
    ['replay', 65_535],
    ['capacity', 16],
    ['overflow', 'newest'],
    ['broker', 'mqtt://broker.local'],
    ['broker', 'mqtt://192.168.1.10:1884/'],
    ['user', 'é'.repeat(64)],
    ['keepAlive', 5],
    ['window', 1],
    ['window', 20],
    ['pin', 0],
    ['temperatureOffset', -20],
    ['humidityOffset', 50],
    ['homeAssistant', true],
  ];
  for (const [setting, value] of allowed) {
    it(`allow ${setting} ${JSON.stringify(value)}`, () => assert.equal(parseSettings({ [setting]: value })[setting], value));
  }

  const refused: readonly (readonly [setting: SettingName, value: unknown, reason: string])[] = [
    ['prefix', '', 'a topic level has a character'],
    ['prefix', '$SYS', 'belongs to the broker (§4.7.2)'],
    ['prefix', 'a/+', 'wildcard'],
    ['prefix', '#', 'wildcard'],
    ['prefix', 'a\0', 'NUL'],
    ['prefix', '\ud83c', 'half a character'],
    ['prefix', 'é'.repeat(33), '66 bytes'],
    ['prefix', 7, 'a number'],
    ['room', 'a/b', 'two levels'],
    ['room', '+', 'wildcard'],
    ['room', 'a#', 'wildcard'],
    ['room', '$room', 'belongs to the broker'],
    ['room', 'a\0', 'NUL'],
    ['room', '🌡'.repeat(17), '68 bytes'],
    ['template', '{prefix}/{room}', 'all quantities would be one topic'],
    ['template', '{quantity}/{quantity}', 'twice'],
    ['template', '{room}/{room}/{quantity}', 'twice'],
    ['template', '{prefix}/{prefix}/{quantity}', 'twice'],
    ['template', '#/{quantity}', 'wildcard'],
    ['template', '$SYS/{quantity}', 'belongs to the broker'],
    ['template', `${'x'.repeat(119)}{quantity}`, '129 bytes'],
    ['interval', 1, 'the sensor is not that fast'],
    ['interval', 86_401, 'more than a day'],
    ['interval', 2.5, 'not whole'],
    ['interval', '', 'no number'],
    ['interval', '10s', 'no number'],
    ['interval', 'Infinity', 'no end'],
    ['interval', Number.NaN, 'no number'],
    ['interval', null, 'nothing'],
    ['interval', true, 'no number'],
    ['streams', 'all', 'no such choice'],
    ['streams', 'Both', 'case counts'],
    ['replay', 0, 'too few'],
    ['capacity', 15, 'too few'],
    ['capacity', 65_536, 'too many'],
    ['overflow', 'drop', 'no such choice'],
    ['model', 'DHT22', 'case counts'],
    ['wifi', 'é'.repeat(17), '34 bytes'],
    ['wifi2', 7, 'a number'],
    ['sntp', 'http://pool', 'no host name'],
    ['broker', 'localhost', 'no scheme'],
    ['user', 'x'.repeat(129), '129 bytes'],
    ['user', 'a\0', 'NUL'],
    ['keepAlive', 4, 'too short'],
    ['keepAlive', 65_536, 'two bytes (§3.1.2.10)'],
    ['window', 0, 'nothing would ever be sent'],
    ['window', 21, 'too many'],
    ['pin', -1, 'no pin'],
    ['pin', 49, 'no pin'],
    ['temperatureOffset', 20.1, 'too much'],
    ['temperatureOffset', Number.NaN, 'no number'],
    ['humidityOffset', '-51', 'too much'],
    ['homeAssistant', 'yes', 'true or false'],
    ['homeAssistant', 1, 'true or false'],
    ['homeAssistant', null, 'nothing'],
  ];
  for (const [setting, value, reason] of refused) {
    it(`refuse ${setting} ${JSON.stringify(value)?.slice(0, 40)}: ${reason}`, () => {
      const error = errorOf({ [setting]: value });
      assert.equal(error.name, 'SettingError');
      assert.equal(error.setting, setting);
      assert.ok(error.allowed.length > 0);
      const shown = typeof value === 'string' ? JSON.stringify(value).slice(0, 80) : String(value);
      assert.ok(error.message.startsWith(`setting ${setting}: ${shown}`), error.message);
      assert.ok(error.message.endsWith(`allowed: ${error.allowed}`), error.message);
    });
  }

  it('refuse what is no setting, and name those that are', () => {
    const error = errorOf({ romm: 'salle' });
    assert.equal(error.setting, 'romm');
    assert.ok(SETTING_NAMES.every((name) => error.allowed.includes(name)));
    // What every object has is no setting either.
    assert.equal(errorOf({ constructor: 'x' }).setting, 'constructor');
  });

  it('refuse a password without user ([MQTT-3.1.2-22]): the user is what is missing', () => {
    assert.equal(errorOf({ password: 'x' }).setting, 'user');
    assert.equal(parseSettings({ user: 'u', password: 'x' }).password, 'x');
  });

  it('do not repeat a secret: a password, a login in the URL, a misspelt name', () => {
    const secret = 'hunter2';
    for (const input of [
      { user: 'u', password: secret.repeat(20) },
      { user: 'u', password: { secret } },
      { password: secret },
      { broker: `mqtt://user:${secret}@host` },
      { pasword: secret },
    ]) {
      const error = errorOf(input);
      assert.ok(!error.message.includes(secret), error.message);
      assert.ok(error.message.startsWith(`setting ${error.setting}: `), error.message);
    }
  });

  it('keep a message short, however long the value', () => {
    assert.ok(errorOf({ broker: 'x'.repeat(10_000) }).message.length < 250);
  });
});
