// What Home Assistant is told of a station: read as that integration reads it, and within what a board can send.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { discoveryTopic, encodeDiscovery, isDiscoverable } from '../../../firmware/station/home-assistant.js';
import { PAYLOAD_CAPACITY } from '../../../firmware/station/publisher.js';
import { parseSettings, SettingError } from '../../../firmware/station/settings.js';
import { TOPIC_LIMIT_BYTES } from '../../../firmware/station/topics.js';

const IDENTITY = { station: 'a4cf12f0a1b2', board: 'nodemcu', firmware: '0.1.0', sensor: 'DHT22' };

/** https://www.home-assistant.io/integrations/mqtt/#discovery-messages-and-abbreviations */
const LONG_NAMES: Readonly<Record<string, string>> = {
  ...{ dev: 'device', o: 'origin', cmps: 'components', p: 'platform', avty_t: 'availability_topic', stat_t: 'state_topic' },
  ...{ uniq_id: 'unique_id', dev_cla: 'device_class', stat_cla: 'state_class', unit_of_meas: 'unit_of_measurement' },
  ...{ exp_aft: 'expire_after', val_tpl: 'value_template', ids: 'identifiers', mdl: 'model', sw: 'sw_version' },
};

/** The discovery with its names written out; `name` and our own names of components stay. */
function discoveryOf(settings: Record<string, unknown>): Record<string, unknown> {
  const payload = encodeDiscovery(IDENTITY, parseSettings({ homeAssistant: true, ...settings }));
  return JSON.parse(Buffer.from(payload).toString(), (_key, value) =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [LONG_NAMES[name] ?? name, each]))
      : value,
  );
}

const SENSOR = { platform: 'sensor', state_class: 'measurement', expire_after: 90 };

describe("Home Assistant's discovery", () => {
  it('has a topic for each station, whatever its room is', () => {
    assert.equal(Buffer.from(discoveryTopic('a4cf12f0a1b2')).toString(), 'homeassistant/device/a4cf12f0a1b2/config');
  });

  it('describes both sensors on topics of their own, available while the station is online and its values are new', () => {
    assert.deepEqual(discoveryOf({ room: 'salle "201"', interval: 30 }), {
      device: { identifiers: 'a4cf12f0a1b2', name: 'salle "201"', model: 'nodemcu', sw_version: '0.1.0' },
      origin: { name: 'station-meteo', sw_version: '0.1.0' },
      availability_topic: 'maison/salle "201"/status',
      components: {
        temperature: {
          ...SENSOR,
          unique_id: 'a4cf12f0a1b2_temperature',
          device_class: 'temperature',
          unit_of_measurement: '°C',
          state_topic: 'maison/salle "201"/temperature',
        },
        humidity: {
          ...SENSOR,
          unique_id: 'a4cf12f0a1b2_humidity',
          device_class: 'humidity',
          unit_of_measurement: '%',
          state_topic: 'maison/salle "201"/humidity',
        },
      },
    });
  });

  it('reads the newest of a batch where values have no topics', () => {
    const { state_topic, components } = discoveryOf({ room: 'salon', streams: 'readings', interval: 30 });
    assert.equal(state_topic, 'maison/salon/readings');
    assert.deepEqual(Object(components).humidity, {
      ...SENSOR,
      unique_id: 'a4cf12f0a1b2_humidity',
      device_class: 'humidity',
      unit_of_measurement: '%',
      value_template: '{{value_json.readings[-1].humidity}}',
    });
  });

  it('follows the template of the topics, and names a room that is not set', () => {
    const { device, availability_topic, components } = discoveryOf({ template: '/UPSSITECH/{quantity}/{room}' });
    assert.equal(Object(device).name, 'room-a1b2');
    assert.equal(availability_topic, '/UPSSITECH/status/room-a1b2');
    assert.equal(Object(components).temperature.state_topic, '/UPSSITECH/temperature/room-a1b2');
  });

  it('fits with the longest room and prefix, and every stream', () => {
    for (const streams of ['values', 'readings', 'both']) {
      const settings = { room: 'x'.repeat(64), prefix: 'é'.repeat(32), interval: 86_400, streams };
      assert.ok(isDiscoverable(parseSettings(settings)), streams);
    }
  });

  it('is refused where topics are too long for it: what is allowed can always be sent', () => {
    const settingsWith = (templateBytes: number) => ({
      ...{ homeAssistant: true, room: '"'.repeat(32), interval: 86_400 },
      template: `${'x'.repeat(templateBytes - 24)}{prefix}{room}{quantity}`,
    });
    let longest = 0;
    for (let templateBytes = 24; templateBytes <= 128; templateBytes++) {
      try {
        const payload = encodeDiscovery(IDENTITY, parseSettings(settingsWith(templateBytes)));
        longest = Math.max(longest, payload.length + discoveryTopic(IDENTITY.station).length);
      } catch (error) {
        assert.ok(error instanceof SettingError && error.setting === 'homeAssistant', String(error));
        assert.match(error.message, /true is not allowed; allowed: false, or shorter topics/);
      }
    }
    const limit = PAYLOAD_CAPACITY + TOPIC_LIMIT_BYTES;
    // The longest names of board and firmware are longer than these by 20 bytes, and a byte of the template counts three times.
    assert.ok(longest <= limit && longest > limit - 32, `${longest} of ${limit}`);
    assert.ok(parseSettings({ ...settingsWith(128), homeAssistant: false }), 'without it, they are as long as they may be');
  });
});
