// The session of the firmware with a real Mosquitto, in both versions: every QoS both ways, options, wills and long messages.

import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'mocha';
import { encodeUserProperty } from '../../firmware/mqtt/encode-properties.js';
import type { OutboundMessage, ProtocolLevel, QoS } from '../../firmware/mqtt/protocol.js';
import type { MessageStream } from '../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { SessionClient } from './support/session-client.js';

const text = (topic: string, payload: string, changes: Partial<OutboundMessage> = {}): Partial<OutboundMessage> => ({
  topic: encodeUtf8(topic),
  payload: encodeUtf8(payload),
  ...changes,
});

const filter = (name: string, qos: QoS) => ({ filter: encodeUtf8(name), qos });

for (const level of [4, 5] as const) describeWithMosquitto(`session with Mosquitto, level ${level}`, () => withMosquitto(level));

function withMosquitto(level: ProtocolLevel): void {
  let broker: Mosquitto | undefined;
  const clients: SessionClient[] = [];
  const is5 = level === 5;

  before(async () => {
    broker = await Mosquitto.serve();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.cut();
  });
  after(() => broker?.close());

  const port = () => (broker as Mosquitto).port;

  const join = (clientId: string, stream?: MessageStream, options = {}): Promise<SessionClient> => {
    const client = new SessionClient(stream);
    clients.push(client);
    return client.connect(port(), { level, clientId, cleanStart: true, ...options });
  };

  for (const qos of [0, 1, 2] as const) {
    it(`QoS ${qos}, both ways`, async () => {
      const client = await join(`qos${qos}`);
      assert.equal(await client.subscribe([filter(`qos${qos}/+`, qos)]), `subscribed ${qos}`);
      const message = { ...text(`qos${qos}/a`, 'x'), payloadLength: 1, qos, retain: false } as OutboundMessage;
      if (qos === 0) {
        client.session.publishOnce(message);
        await client.subscribe([filter('nothing', 0)]); // sends what is pending
      } else {
        client.publish(1, message);
        await client.until(() => client.events.includes('acknowledged 1 0'), 'acknowledged');
      }
      await client.until(() => client.heard.length === 1, 'a message');
      assert.deepEqual([client.heard[0]?.topic, client.heard[0]?.payload, client.heard[0]?.qos], [`qos${qos}/a`, 'x', qos]);
      assert.equal(client.session.inflightCount, 0);
      await client.leave();
    });
  }

  it('a message of QoS 2 whose connection breaks arrives once', async () => {
    const listener = await (async () => {
      const client = await join('twice-listener');
      await client.subscribe([filter('twice', 2)]);
      return client;
    })();
    const options = { sessionExpirySeconds: 60 };
    const client = await join('twice', undefined, { cleanStart: false, ...options });
    for (let tag = 1; tag <= 5; tag++) client.publish(tag, text('twice', String(tag), { qos: 2 }));
    client.cut();
    await client.connect(port(), { level, clientId: 'twice', cleanStart: false, ...options });
    const isDone = () => client.session.inflightCount === 0;
    await client.until(isDone, 'all are acknowledged');
    await listener.until(() => listener.heard.length >= 5, 'all are heard');
    assert.deepEqual(
      listener.heard.map(({ payload }) => payload),
      ['1', '2', '3', '4', '5'],
    );
    await client.leave();
    await listener.leave();
  });

  it('unsubscribes: nothing is heard afterwards', async () => {
    const client = await join('leaving');
    await client.subscribe([filter('gone', 1), filter('stays', 1)]);
    assert.equal(await client.unsubscribe('gone', 'never'), is5 ? 'unsubscribed 0,17' : 'unsubscribed ');
    client.publish(1, text('gone', 'x'));
    client.publish(2, text('stays', 'y'));
    await client.until(() => client.heard.length === 1 && client.session.inflightCount === 0, 'the second message');
    assert.equal(client.heard[0]?.topic, 'stays');
    await client.leave();
  });

  it('a will is published when the client vanishes, and not when it takes leave', async () => {
    const listener = await join('heirs');
    await listener.subscribe([filter('will/+', 1)]);
    const will = (topic: string) => ({ will: { topic: encodeUtf8(topic), payload: encodeUtf8('bye'), qos: 1, retain: false } });
    const polite = await join('polite', undefined, will('will/polite'));
    await polite.leave();
    (await join('gone', undefined, will('will/gone'))).cut();
    await listener.until(() => listener.heard.length > 0, 'the will');
    assert.deepEqual(
      listener.heard.map(({ topic, payload }) => [topic, payload]),
      [['will/gone', 'bye']],
    );
    await listener.leave();
  });

  it('a payload of 1 MB goes out from a source and comes back in pieces', async () => {
    const length = 1_000_000;
    const byteAt = (offset: number) => (offset * 7) % 251;
    let offset = 0;
    let isWhole = false;
    const stream: MessageStream = {
      begin: (_message, payloadLength) => payloadLength === length,
      piece: (bytes) => {
        for (const byte of bytes) assert.equal(byte, byteAt(offset++));
      },
      end: () => {
        isWhole = true;
      },
      abort: () => {},
    };
    const client = await join('long', stream);
    await client.subscribe([filter('long', 2)]);
    const source = {
      read: (from: number, target: Uint8Array) => {
        for (let index = 0; index < target.length; index++) target[index] = byteAt(from + index);
      },
    };
    client.publish(1, { topic: encodeUtf8('long'), payloadLength: length, source, qos: 2 });
    await client.until(() => isWhole && client.session.inflightCount === 0, 'the whole message');
    assert.equal(offset, length);
    await client.leave();
  });

  if (is5) mqtt5Only(join);
}

function mqtt5Only(join: (clientId: string, stream?: MessageStream, options?: object) => Promise<SessionClient>): void {
  it('properties arrive as they were sent, with the identifier of the subscription', async () => {
    const client = await join('properties');
    await client.subscribe([filter('p/#', 1)], 300);
    client.publish(
      1,
      text('p/q', 'x', {
        contentType: encodeUtf8('text/plain'),
        responseTopic: encodeUtf8('r/1'),
        correlationData: encodeUtf8('c'),
        userProperties: encodeUserProperty('time', '1763858312'),
        messageExpirySeconds: 60,
        isText: true,
      }),
    );
    await client.until(() => client.heard.length === 1, 'a message');
    assert.deepEqual(client.heard[0], {
      ...{ topic: 'p/q', payload: 'x', qos: 1, retain: false },
      ...{ responseTopic: 'r/1', correlationData: 'c', contentType: 'text/plain' },
      ...{ userProperties: ['time=1763858312'], subscriptionIdentifiers: [300] },
    });
    await client.leave();
  });

  it('options of a subscription: no local, retain as published, retained messages never', async () => {
    const client = await join('options');
    client.publish(1, text('options/kept', 'old', { retain: true }));
    await client.until(() => client.session.inflightCount === 0, 'acknowledged');
    await client.subscribe([{ ...filter('options/#', 1), noLocal: true, retainAsPublished: true, retainHandling: 2 }]);
    client.publish(2, text('options/own', 'x'));
    const other = await join('other');
    other.publish(1, text('options/theirs', 'y', { retain: true }));
    await client.until(() => client.heard.length === 1, 'the message of the other');
    assert.deepEqual(
      client.heard.map(({ topic, retain }) => [topic, retain]),
      [['options/theirs', true]],
    );
    await other.leave();
    await client.leave();
  });

  it('nobody listens: the acknowledgement says so (0x10)', async () => {
    const client = await join('lonely');
    client.publish(1, text('nobody/listens', 'x'));
    await client.until(() => client.events.some((event) => event.startsWith('acknowledged')), 'acknowledged');
    assert.equal(client.events.at(-1), 'acknowledged 1 16');
    await client.leave();
  });

  it('a client id is assigned to who has none', async () => {
    const client = await join('');
    assert.match(client.events[0] as string, /^connected as .+/);
    await client.leave();
  });

  it('a will waits for its delay, and is not published where the client is back in time', async () => {
    const listener = await join('patient');
    await listener.subscribe([filter('delayed', 1)]);
    const will = { topic: encodeUtf8('delayed'), payload: encodeUtf8('bye'), qos: 1, retain: false, delaySeconds: 600 };
    const options = { sessionExpirySeconds: 600, cleanStart: false, will };
    const client = await join('returning', undefined, options);
    client.cut();
    const again = await join('returning', undefined, { ...options, cleanStart: true });
    again.publish(1, text('delayed', 'not the will'));
    await listener.until(() => listener.heard.length > 0, 'a message');
    assert.deepEqual(
      listener.heard.map(({ payload }) => payload),
      ['not the will'],
    );
    await again.leave();
    await listener.leave();
  });

  it('a DISCONNECT with reason 0x04 has the will published', async () => {
    const listener = await join('witness');
    await listener.subscribe([filter('last-words', 1)]);
    const will = { topic: encodeUtf8('last-words'), payload: encodeUtf8('bye'), qos: 1, retain: false };
    const client = await join('dramatic', undefined, { will });
    await client.leave(0x04);
    await listener.until(() => listener.heard.length === 1, 'the will');
    await listener.leave();
  });
}
