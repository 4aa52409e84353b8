// A station that makes itself known to Home Assistant: when it is said, and when it is taken back.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isDiscoverable } from '../../firmware/station/home-assistant.js';
import { parseSettings } from '../../firmware/station/settings.js';
import { ROOM, Scene } from './scene.js';
import { World } from './world.js';

const KEY = 'clef de la salle';

function startOnline(settings: Record<string, unknown> = {}): Scene {
  const scene = new Scene(new World(1), { settings: { stationKey: KEY, homeAssistant: true, ...settings } });
  scene.start();
  untilOnline(scene);
  return scene;
}

function untilOnline(scene: Scene): void {
  scene.runUntil(() => scene.station.isOnline, 90_000, 'online');
  scene.run(500);
}

const topicOf = (scene: Scene) => `homeassistant/device/${scene.station.identity.station}/config`;

/** What a Home Assistant that comes now is told. */
const entryOf = (scene: Scene) => JSON.parse(scene.broker.retained.get(topicOf(scene)) ?? 'null');

/** How often anything was said there. */
const countOf = (scene: Scene) =>
  scene.wire.filter((event) => event.kind === 'publish' && event.packet.topic === topicOf(scene)).length;

function command(scene: Scene, name: string, changes: Record<string, unknown>): void {
  const topic = `maison/${scene.station.room}/command/${name}`;
  scene.broker.publish({ topic, payload: JSON.stringify({ key: KEY, ...changes }), retain: false });
}

function untilRestarted(scene: Scene): void {
  const { boot } = scene.station;
  scene.runUntil(() => scene.station.boot !== boot, 30_000, 'restarted');
  untilOnline(scene);
}

describe('a station and Home Assistant', () => {
  it('nothing is said unless that is switched on', () => {
    const scene = startOnline({ homeAssistant: false });
    scene.network.reset();
    scene.run(90_000);
    command(scene, 'settings', { prefix: 'école' });
    untilRestarted(scene);
    assert.equal(countOf(scene), 0);
  });

  it('the entry is retained, and said once at each connection', () => {
    const scene = startOnline();
    assert.equal(entryOf(scene).avty_t, `maison/${ROOM}/status`);
    assert.equal(countOf(scene), 1);
    scene.network.reset();
    scene.run(90_000);
    assert.equal(countOf(scene), 2);
  });

  it('the largest that the settings allow is sent as well', () => {
    const settingsWith = (templateBytes: number) => ({
      ...{ room: 'é'.repeat(32), prefix: '"'.repeat(16), interval: 86_400 },
      template: `${'x'.repeat(templateBytes - 24)}{prefix}{room}{quantity}`,
    });
    let templateBytes = 128;
    while (!isDiscoverable(parseSettings(settingsWith(templateBytes)))) templateBytes--;
    const scene = startOnline(settingsWith(templateBytes));
    const { avty_t } = entryOf(scene);
    assert.equal(avty_t.length, templateBytes - 24 + 16 + 32 + 'status'.length);
    assert.ok(templateBytes < 128, 'it is the longest');
  });

  it('an entry that is not acknowledged is said again, and not piled up over the connections', () => {
    const scene = startOnline();
    scene.broker.holdAcknowledgements();
    for (let times = 0; times < 12; times++) {
      scene.network.reset();
      scene.runUntil(() => !scene.station.isOnline, 90_000, 'offline');
      untilOnline(scene);
    }
    scene.broker.releaseAcknowledgements();
    const before = countOf(scene);
    scene.network.reset();
    scene.runUntil(() => scene.station.isOnline && scene.station.isDrained, 90_000, 'all is delivered');
    assert.ok(countOf(scene) - before <= 2, `${countOf(scene) - before} times`);
  });

  it('follows a new interval at once', () => {
    const scene = startOnline();
    assert.equal(entryOf(scene).cmps.temperature.exp_aft, 30);
    command(scene, 'interval', { interval: 60 });
    scene.run(1_000);
    assert.equal(entryOf(scene).cmps.temperature.exp_aft, 180);
  });

  it('follows the station into another room', () => {
    const scene = startOnline();
    command(scene, 'room', { room: 'bureau' });
    untilRestarted(scene);
    assert.equal(entryOf(scene).dev.name, 'bureau');
    assert.equal(entryOf(scene).cmps.humidity.stat_t, 'maison/bureau/humidity');
  });

  it('switched off, the entry is cleared, once', () => {
    const scene = startOnline();
    command(scene, 'settings', { homeAssistant: false });
    untilRestarted(scene);
    assert.equal(scene.broker.retained.has(topicOf(scene)), false);
    const count = countOf(scene);
    scene.network.reset();
    scene.run(90_000);
    scene.machine.powerCycle();
    untilOnline(scene);
    assert.equal(countOf(scene), count);
  });

  it('switched off, the entry is cleared also where the power was cut before, or something else changed first', () => {
    const scene = startOnline();
    command(scene, 'settings', { homeAssistant: false });
    scene.runUntil(() => scene.machine.board.isChanging, 1_000, 'the change is stored');
    scene.closeDoor();
    scene.machine.powerCycle();
    scene.run(1_000);
    scene.machine.board.store({ interval: 20 });
    scene.machine.powerCycle();
    scene.openDoor();
    untilOnline(scene);
    assert.equal(scene.machine.board.settings.interval, 20);
    assert.equal(scene.broker.retained.has(topicOf(scene)), false);
  });

  it('switched on again before it was cleared, the entry stays', () => {
    const scene = startOnline();
    for (const homeAssistant of [false, true]) {
      scene.machine.board.store({ homeAssistant });
      scene.machine.powerCycle();
    }
    untilOnline(scene);
    assert.equal(entryOf(scene).dev.name, ROOM);
  });
});
