// The embedded broker as a switch that is pulled, and as a broker whose clients may be slow.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import mqttPacket from 'mqtt-packet';
import { QUEUE_MAXIMUM_MESSAGES } from '../../host-sim/broker/session-queues.js';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import { UserError } from '../../host-sim/user-error.js';
import { Listener } from './support/listener.js';

const TOPIC = 'maison/salon/temperature';

describe('embedded broker', () => {
  let broker: EmbeddedBroker;
  beforeEach(async () => {
    broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0 });
  });
  afterEach(() => broker.close());

  it('drops everybody when it is cut, and comes back on the same ports with sessions and retained messages', async () => {
    const subscriber = { clientId: 'kept', clean: false };
    const first = await (await Listener.connect(broker.url, subscriber)).subscribe(TOPIC);
    await first.client.publishAsync(TOPIC, '21.4', { qos: 1, retain: true });
    const { ports } = broker;
    const closed = new Promise<void>((resolve) => first.client.once('close', resolve));
    await broker.cut();
    await closed;
    assert.equal(broker.isUp, false);
    await assert.rejects(Listener.connect(broker.url));

    await broker.restore();
    assert.deepEqual(broker.ports, ports);
    const again = await Listener.connect(broker.url, subscriber);
    assert.equal(again.sessionPresent, true);
    const newcomer = await (await Listener.connect(`ws://127.0.0.1:${ports.wsPort}`)).subscribe(TOPIC);
    await newcomer.until(() => newcomer.heard.length === 1, 'the retained value');
    assert.deepEqual(newcomer.heard[0], { topic: TOPIC, payload: '21.4', qos: 1, retain: true, dup: false });
    await Promise.all([again.leave(), newcomer.leave()]);
  });

  it('keeps a bounded number of messages for a subscriber that is away, and counts the others', async function () {
    this.timeout(60_000);
    const subscriber = { clientId: 'away', clean: false };
    await (await (await Listener.connect(broker.url, subscriber)).subscribe(TOPIC)).leave();
    const publisher = await Listener.connect(broker.url);
    const publish = (count: number) => publisher.client.publishAsync(TOPIC, String(count), { qos: 1 });
    const beyond = 5;
    const numbers = Array.from({ length: QUEUE_MAXIMUM_MESSAGES + beyond }, (_, count) => count);
    await Promise.all(numbers.map(publish));
    assert.equal(broker.droppedCount, beyond);

    const returned = await Listener.connect(broker.url, subscriber);
    await returned.until(() => returned.heard.length >= QUEUE_MAXIMUM_MESSAGES, 'all that was kept');
    const kept = numbers.slice(0, QUEUE_MAXIMUM_MESSAGES).map(String);
    assert.deepEqual(returned.payloads(TOPIC), kept);
    await publish(-1);
    await returned.until(() => returned.heard.length > QUEUE_MAXIMUM_MESSAGES, 'there is room again');
    assert.equal(broker.droppedCount, beyond);
    await Promise.all([returned.leave(), publisher.leave()]);
  });

  it('delivers with the QoS that was granted, also to a filter with wildcards', async () => {
    const publisher = await Listener.connect(broker.url);
    for (const [granted, delivered] of [
      [0, 0],
      [1, 1],
      [2, 2],
    ] as const) {
      const listener = await Listener.connect(broker.url);
      await listener.client.subscribeAsync('maison/#', { qos: granted });
      await publisher.client.publishAsync(TOPIC, String(granted), { qos: 2 });
      await listener.until(() => listener.heard.length > 0, 'the message');
      assert.equal(listener.heard[0]?.qos, delivered);
      await listener.leave();
    }
    await publisher.leave();
  });

  it('says which option chooses another port where one is taken', async () => {
    const { mqttPort } = broker.ports;
    await assert.rejects(EmbeddedBroker.start({ mqttPort, wsPort: 0 }), (error) => {
      return error instanceof UserError && error.message.includes(`${mqttPort}`) && error.message.includes('--mqtt-port 0');
    });
  });

  it('lets a client that returns and does not read hold nobody up for long', async () => {
    await (await (await Listener.connect(broker.url, { clientId: 'slow', clean: false })).subscribe(TOPIC)).leave();
    const publisher = await Listener.connect(broker.url);
    // More than all buffers on the way to the client hold.
    const payload = Buffer.alloc(128 * 1024);
    for (let count = 0; count < 160; count++) await publisher.client.publishAsync(TOPIC, payload, { qos: 1 });
    const slow = connect(broker.ports.mqttPort, '127.0.0.1');
    const connack = once(slow, 'data');
    slow.write(
      mqttPacket.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId: 'slow', clean: false, keepalive: 0 }),
    );
    await connack;
    slow.pause();
    const startedAtMs = performance.now();
    await publisher.client.publishAsync('maison/cuisine/temperature', '19.0', { qos: 1 });
    assert.ok(performance.now() - startedAtMs < 5_000);
    slow.destroy();
    await publisher.leave();
  });
});
