// The firmware's session and clients of another make, on brokers of another make: each hears from the other what it ought to, with
// every quality of service, retained messages, wills and wildcards.

import assert from 'node:assert/strict';
import { after, before, it } from 'mocha';
import type { ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import { readCertificates } from '../../host-sim/certificates/directory.js';
import type { BrokerUnderTest } from './support/broker-under-test.js';
import { TemporaryFolder } from './support/certificates.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { describeWithPaho } from './support/paho.js';
import { Paho, type PeerMessage } from './support/paho-peer.js';
import { TransportClient } from './support/transport-client.js';

const ALL_QOS = [0, 1, 2] as const;
const LOGIN = { user: 'classe', password: 'été 2026' };

/** A broker, the session's way to it, and the peer's. */
interface Meeting extends BrokerUnderTest {
  readonly port: number;
}

const message = (topic: string, payload: string, qos: 0 | 1 | 2 = 1, retain = false): PeerMessage => ({
  topic,
  payload,
  qos,
  retain,
});
/** What comes to who subscribed before is not retained, however it was published (§3.3.1.3). */
const live = (messages: readonly PeerMessage[]) => messages.map((each) => ({ ...each, retain: false }));

/** Order is promised among messages of one QoS alone (§4.6), and Aedes keeps to just that. */
const byQos = (messages: readonly PeerMessage[]) => messages.toSorted((one, other) => one.qos - other.qos);

let count = 0;
/** A level of its own for each test, so that none hears another. */
const freshRoom = () => `room-${++count}`;

function meetsPaho(name: string, level: ProtocolLevel, start: () => Promise<Meeting>): void {
  describeWithPaho(`interoperability: ${name}`, () => {
    let broker: Meeting;
    const session = (id: string, will?: PeerMessage) =>
      TransportClient.connect({ url: broker.url, level, id: `${id}-${count}`, ...(will && { will }) });
    const paho = (id: string) => ({ port: broker.port, version: level, id: `${id}-${count}` });

    before(async () => {
      broker = await start();
    });
    after(() => broker?.close());

    it('the session publishes with each QoS, and Paho hears it once', async () => {
      const room = freshRoom();
      const peer = await Paho.listen({ ...paho('paho'), subscribe: [[`${room}/#`, 2]] });
      const client = await session('session');
      const sent = ALL_QOS.map((qos) => message(`${room}/qos`, `été ${qos}`, qos));
      for (const each of sent) await client.publish(each);
      await peer.hears(sent.length);
      assert.deepEqual(byQos(peer.heard), sent);
      await client.leave();
      await peer.leave();
    });

    it('Paho publishes with each QoS, and the session hears it once', async () => {
      const room = freshRoom();
      const client = await session('session');
      assert.deepEqual(await client.subscribe([`${room}/#`, 2]), [2]);
      const sent = ALL_QOS.map((qos) => message(`${room}/qos`, `été ${qos}`, qos));
      await Paho.publish({ ...paho('paho'), publish: sent, end: 'leave' });
      await client.hears(sent.length);
      assert.deepEqual(byQos(client.heard), sent);
      await client.leave();
    });

    it('the lower QoS of publisher and subscriber counts', async () => {
      const room = freshRoom();
      const client = await session('session');
      assert.deepEqual(await client.subscribe([`${room}/0`, 0], [`${room}/1`, 1]), [0, 1]);
      await Paho.publish({ ...paho('paho'), publish: [message(`${room}/0`, 'a', 2), message(`${room}/1`, 'b', 2)], end: 'leave' });
      await client.hears(2);
      assert.deepEqual(client.heard, [message(`${room}/0`, 'a', 0), message(`${room}/1`, 'b', 1)]);
      await client.leave();
    });

    it('what the session retains, Paho is told later, and the other way round', async () => {
      const room = freshRoom();
      const client = await session('session');
      const ours = message(`${room}/session`, 'kept', 1, true);
      const theirs = message(`${room}/paho`, 'kept too', 2, true);
      await client.publish(ours);
      await Paho.publish({ ...paho('publisher'), publish: [theirs], end: 'leave' });

      const peer = await Paho.listen({ ...paho('paho'), subscribe: [[`${room}/session`, 1]] });
      await peer.hears(1);
      assert.deepEqual(peer.heard, [ours]);
      await client.subscribe([`${room}/paho`, 2]);
      await client.hears(1);
      assert.deepEqual(client.heard, [theirs]);
      await client.leave();
      await peer.leave();
    });

    it('wildcards find the same topics for both', async () => {
      const room = freshRoom();
      const filters = [
        [`${room}/+/temperature`, 1],
        [`${room}/cave/#`, 1],
      ] as const;
      const client = await session('session');
      await client.subscribe(...filters);
      const peer = await Paho.listen({ ...paho('paho'), subscribe: filters });
      const fitting = [`${room}/salon/temperature`, `${room}//temperature`, `${room}/cave`, `${room}/cave/a/b`];
      const others = [room, `${room}/temperature`, `${room}/salon/temperature/high`, `$${room}/salon/temperature`];
      for (const topic of [...others, ...fitting]) await client.publish(message(topic, 'x'));
      const expected = live(fitting.map((topic) => message(topic, 'x')));
      for (const each of [client, peer]) {
        await each.hears(expected.length);
        assert.deepEqual(each.heard, expected);
      }
      await client.leave();
      await peer.leave();
    });

    it('hears the will of a Paho that dies, and Paho that of a session that vanishes; a good-bye takes it back', async () => {
      const room = freshRoom();
      const ours = message(`${room}/session`, 'gone', 1);
      const theirs = message(`${room}/paho`, 'gone too', 2);
      const client = await session('session', ours);
      await client.subscribe([`${room}/paho`, 2]);
      const peer = await Paho.listen({ ...paho('paho'), subscribe: [[`${room}/session`, 2]] });

      await Paho.publish({ ...paho('polite'), will: theirs, end: 'leave' });
      await Paho.publish({ ...paho('mortal'), will: theirs, end: 'die' });
      await client.hears(1);
      assert.deepEqual(client.heard, [theirs]);

      await (await session('polite-session', ours)).leave();
      client.vanish();
      await peer.hears(1);
      assert.deepEqual(peer.heard, [ours]);
      await peer.leave();
    });
  });
}

const onAedes = async (): Promise<Meeting> => {
  const broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0 });
  return { url: broker.url, port: broker.ports.mqttPort, close: () => broker.close() };
};
meetsPaho('Paho and Mosquitto, MQTT 3.1.1', 4, () => Mosquitto.serve());
meetsPaho('Paho and Mosquitto, MQTT 5', 5, () => Mosquitto.serve());
meetsPaho('Paho and the broker inside, MQTT 3.1.1', 4, onAedes);

describeWithMosquitto('interoperability: login', () => {
  let broker: Mosquitto;
  before(async () => {
    broker = await Mosquitto.serve(LOGIN);
  });
  after(() => broker?.close());

  for (const [level, refusal] of [
    [4, /connection-refused 5/],
    [5, /connection-refused 135/],
  ] as const) {
    const client = (login: object) => TransportClient.connect({ url: broker.url, level, id: 'session', ...login });

    it(`MQTT ${level === 5 ? '5' : '3.1.1'}: the right one is let in, another and none are not`, async () => {
      await (await client(LOGIN)).leave();
      await assert.rejects(client({ ...LOGIN, password: 'été 2025' }), refusal);
      await assert.rejects(client({}), refusal);
    });
  }
});

describeWithPaho('interoperability: the broker inside, secured', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = new TemporaryFolder().fillWithCertificates();
  });
  after(() => folder.remove());

  it('Paho and the session meet over TLS and WebSocket, with a login', async () => {
    const tls = { directory: folder.path, port: 0, wsPort: 0, wantsClientCertificates: false };
    const broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0, login: LOGIN, tls });
    const { wsPort, mqttsPort, wssPort } = broker.ports;
    const { ca } = readCertificates(folder.path);
    const everywhere = { version: 4, ...LOGIN, subscribe: [['salon/+', 1]] } as const;
    const peers = [
      await Paho.listen({ ...everywhere, id: 'secure', port: mqttsPort as number, ca: `${folder.path}/ca.crt` }),
      await Paho.listen({ ...everywhere, id: 'web', port: wsPort, transport: 'websockets' }),
    ];
    const urls = [`ws://127.0.0.1:${wsPort}`, `mqtts://localhost:${mqttsPort}`, `wss://localhost:${wssPort}`];
    for (const url of urls) {
      const client = await TransportClient.connect({ url, credentials: { ca }, level: 4, id: 'session', ...LOGIN });
      await client.publish(message('salon/temperature', url));
      await client.leave();
    }
    for (const peer of peers) {
      await peer.hears(urls.length);
      assert.deepEqual(
        peer.heard.map(({ payload }) => payload),
        urls,
      );
      await peer.leave();
    }
    await broker.close();
  });
});
