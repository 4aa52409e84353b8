// A subscriber with a kept session misses nothing: what is published while it is away comes when it returns, in order.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import type { BrokerUnderTest } from './support/broker-under-test.js';
import { type Heard, Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';

const MESSAGE_COUNT = 50;
/** How often the subscriber returns amid traffic: what is a race shows sooner or later. */
const ROUNDS = 8;
const TOPICS = ['maison/salon/temperature', 'maison/salon/humidity', 'maison/salon/readings'];

const payloads = (count: number, first = 0) => Array.from({ length: count }, (_, index) => String(first + index));

/** A subscriber that the broker knows by its id. */
const subscriber = (url: string, clientId: string) => Listener.connect(url, { clientId, clean: false });

/** The order in which `payload`s first came, on `topic`. */
function firstOccurrences(heard: readonly Heard[], topic: string): string[] {
  return [...new Set(heard.filter((message) => message.topic === topic).map(({ payload }) => payload))];
}

/** Publishes the payloads one behind the other, without waiting, and resolves when all are acknowledged. */
async function publishAll(publisher: Listener, topic: string, sent: readonly string[], retain = false): Promise<void> {
  await Promise.all(sent.map((payload) => publisher.client.publishAsync(topic, payload, { qos: 1, retain })));
}

/** Goes on behind the first `MESSAGE_COUNT`, one message after the other, until `isOver` and some more; returns how many there are. */
async function publishOn(publisher: Listener, topic: string, isOver: () => boolean): Promise<number> {
  let count = MESSAGE_COUNT;
  for (let more = 0; more < 10; count++) {
    await publisher.client.publishAsync(topic, String(count), { qos: 1 });
    if (isOver()) more++;
  }
  return count;
}

function keepsSessions(
  name: string,
  start: () => Promise<BrokerUnderTest>,
  describeSuite: typeof describeWithMosquitto = describe,
): void {
  describeSuite(`kept session: ${name}`, () => {
    let broker: BrokerUnderTest | undefined;
    let publisher: Listener;
    const url = () => (broker as BrokerUnderTest).url;

    before(async () => {
      broker = await start();
      publisher = await Listener.connect(url());
    });

    after(async () => {
      await publisher?.leave();
      await broker?.close();
    });

    it(`delivers ${MESSAGE_COUNT} messages, published meanwhile, in order`, async () => {
      const topic = 'maison/cuisine/readings';
      const first = await (await subscriber(url(), 'in-order')).subscribe(topic);
      assert.equal(first.sessionPresent, false);
      await first.leave();
      await publishAll(publisher, topic, payloads(MESSAGE_COUNT));

      const again = await subscriber(url(), 'in-order');
      assert.equal(again.sessionPresent, true);
      await again.until(() => again.heard.length >= MESSAGE_COUNT, `${MESSAGE_COUNT} messages`);
      assert.deepEqual(again.payloads(topic), payloads(MESSAGE_COUNT));
      assert.ok(again.heard.every(({ qos }) => qos === 1));
      await again.leave();
    });

    it('delivers each of them once: a second return finds nothing', async () => {
      const topic = 'maison/chambre/readings';
      await (await (await subscriber(url(), 'once')).subscribe(topic)).leave();
      await publishAll(publisher, topic, payloads(MESSAGE_COUNT));
      const again = await subscriber(url(), 'once');
      await again.until(() => again.heard.length >= MESSAGE_COUNT, `${MESSAGE_COUNT} messages`);
      await again.leave();

      const third = await subscriber(url(), 'once');
      await publishAll(publisher, topic, ['new']);
      await third.until(() => third.heard.length >= 1, 'the new message');
      assert.deepEqual(third.payloads(topic), ['new']);
      await third.leave();
    });

    it('marks what was missed as not retained, though it was published so [MQTT-3.3.1-9]', async () => {
      const topic = 'maison/bureau/temperature';
      await (await (await subscriber(url(), 'retain')).subscribe(topic)).leave();
      await publishAll(publisher, topic, payloads(MESSAGE_COUNT), true);
      const again = await subscriber(url(), 'retain');
      await again.until(() => again.heard.length >= MESSAGE_COUNT, `${MESSAGE_COUNT} messages`);
      assert.deepEqual(again.payloads(topic), payloads(MESSAGE_COUNT));
      assert.ok(again.heard.every(({ retain }) => !retain));
      await again.leave();
    });

    it('keeps the order on each topic while more is published at its return', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const clientId = `busy-${round}`;
        await (await (await subscriber(url(), clientId)).subscribe('maison/salon/+')).leave();
        await Promise.all(TOPICS.map((topic) => publishAll(publisher, topic, payloads(MESSAGE_COUNT))));
        let hasReturned = false;
        const counts = Promise.all(TOPICS.map((topic) => publishOn(publisher, topic, () => hasReturned)));
        const again = await subscriber(url(), clientId);
        hasReturned = true;
        const sent = (await counts).map((count) => payloads(count));
        const heard = () => TOPICS.map((topic) => firstOccurrences(again.heard, topic));
        await again.until(() => heard().every((got, index) => got.length >= (sent[index] as string[]).length), 'all messages');
        assert.deepEqual(heard(), sent);
        await again.leave();
      }
    });

    it('misses nothing when the connection breaks without a DISCONNECT', async () => {
      const topic = 'maison/grenier/readings';
      const first = await (await subscriber(url(), 'broken')).subscribe(topic);
      first.client.stream.destroy();
      await publishAll(publisher, topic, payloads(MESSAGE_COUNT));
      const again = await subscriber(url(), 'broken');
      const isComplete = () => firstOccurrences(again.heard, topic).length === MESSAGE_COUNT;
      await again.until(isComplete, `${MESSAGE_COUNT} messages`);
      assert.deepEqual(firstOccurrences(again.heard, topic), payloads(MESSAGE_COUNT));
      await again.leave();
    });

    it('redelivers what was not acknowledged, in order', async () => {
      const topic = 'maison/cave/readings';
      const first = await (await subscriber(url(), 'deaf')).subscribe(topic);
      // Takes messages in, and never says so.
      first.client.handleMessage = () => {};
      await publishAll(publisher, topic, payloads(MESSAGE_COUNT));
      first.client.stream.destroy();
      const again = await subscriber(url(), 'deaf');
      const isComplete = () => firstOccurrences(again.heard, topic).length === MESSAGE_COUNT;
      await again.until(isComplete, `${MESSAGE_COUNT} messages`);
      assert.deepEqual(firstOccurrences(again.heard, topic), payloads(MESSAGE_COUNT));
      await again.leave();
    });
  });
}

const ANY_PORTS = { mqttPort: 0, wsPort: 0 };

keepsSessions('embedded broker over TCP', () => EmbeddedBroker.start(ANY_PORTS));
keepsSessions('embedded broker over WebSocket', async () => {
  const broker = await EmbeddedBroker.start(ANY_PORTS);
  return { url: `ws://127.0.0.1:${broker.ports.wsPort}`, close: () => broker.close() };
});
keepsSessions('Mosquitto', () => Mosquitto.serve(), describeWithMosquitto);
