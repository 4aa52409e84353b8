// A station reaches a real broker over each transport, and says in one word why it cannot where it cannot.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'mocha';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LinkFailure } from '../../firmware/station/station.js';
import type { Identity } from '../../host-sim/certificates/authority.js';
import { type Credentials, nodeTls } from '../../host-sim/ports/node-tls.js';
import { NodeWebSocket, nodeSecureWebSocket } from '../../host-sim/ports/node-web-socket.js';
import { EXPIRED, NOT_YET_VALID, TestAuthority } from './support/certificates.js';
import { inParallel, type Test } from './support/in-parallel.js';
import { deliverOneReading } from './support/lone-station.js';
import { type Door, describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { freePort } from './support/port.js';

/** How many brokers run at the same time. */
const SIDE_BY_SIDE = 4;

const authority = new TestAuthority('test CA');
const another = new TestAuthority('another CA');
const ca = authority.certificate;
const server = authority.server();

/** What a client of `door` comes to. */
function mosquittoRow(
  title: string,
  door: Door,
  outcome: 'delivered' | LinkFailure,
  credentials: Credentials = {},
  host = 'localhost',
): Test {
  return [
    `${title}: ${outcome}`,
    async () => {
      const broker = await Mosquitto.serve(undefined, door);
      try {
        assert.equal(await deliverOneReading({ broker: broker.urlFor(host), credentials }), outcome);
      } finally {
        await broker.close();
      }
    },
  ];
}

describeWithMosquitto('transports: with Mosquitto', () => {
  const tls = { server, ca };
  const asksForCertificate = { ...tls, wantsClientCertificates: true };
  const shows = (certificate: Identity) => ({ tls: { server: certificate, ca } });
  const isWebSocket = true;
  const own = authority.client();

  inParallel(
    [
      mosquittoRow('mqtt', {}, 'delivered'),
      mosquittoRow('ws', { isWebSocket }, 'delivered'),
      mosquittoRow('mqtts', { tls }, 'delivered', { ca }),
      mosquittoRow('mqtts, by an address', { tls }, 'delivered', { ca }, '127.0.0.1'),
      mosquittoRow('mqtts, with a client certificate', { tls: asksForCertificate }, 'delivered', { ca, ...own }),
      mosquittoRow('wss', { isWebSocket, tls }, 'delivered', { ca }),
      mosquittoRow('wss, by an address', { isWebSocket, tls }, 'delivered', { ca }, '127.0.0.1'),
      mosquittoRow('wss, with a client certificate', { isWebSocket, tls: asksForCertificate }, 'delivered', { ca, ...own }),

      mosquittoRow('an authority that nobody named', { tls }, 'certificate-unknown-ca'),
      mosquittoRow('another authority', { tls }, 'certificate-unknown-ca', { ca: another.certificate }),
      mosquittoRow('wss, another authority', { isWebSocket, tls }, 'certificate-unknown-ca', { ca: another.certificate }),
      mosquittoRow('another host', shows(authority.server(['broker.test'])), 'certificate-wrong-host', { ca }),
      mosquittoRow(
        'a name, but not the address',
        shows(authority.server(['localhost'])),
        'certificate-wrong-host',
        { ca },
        '127.0.0.1',
      ),
      mosquittoRow('wss, another host', { isWebSocket, ...shows(authority.server(['broker.test'])) }, 'certificate-wrong-host', {
        ca,
      }),
      mosquittoRow('yesterday', shows(authority.server(undefined, EXPIRED)), 'certificate-expired', { ca }),
      mosquittoRow('wss, yesterday', { isWebSocket, ...shows(authority.server(undefined, EXPIRED)) }, 'certificate-expired', {
        ca,
      }),
      mosquittoRow('tomorrow', shows(authority.server(undefined, NOT_YET_VALID)), 'certificate-not-yet-valid', {
        ca,
      }),
      mosquittoRow('no client certificate', { tls: asksForCertificate }, 'client-certificate-required', { ca }),
      mosquittoRow('a stranger’s client certificate', { tls: asksForCertificate }, 'client-certificate-refused', {
        ca,
        ...another.client(),
      }),
      mosquittoRow('an old client certificate', { tls: asksForCertificate }, 'client-certificate-refused', {
        ca,
        ...authority.client(EXPIRED),
      }),
    ],
    SIDE_BY_SIDE,
  );
});

describe('transports: with what is no such broker', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const serve = async (each: Server): Promise<number> => {
    servers.push(each);
    each.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await once(each.listen(0, '127.0.0.1'), 'listening');
    return (each.address() as AddressInfo).port;
  };
  const webSocketServer = (onPeer: (webSocket: WebSocket) => void, protocol: string | false = 'mqtt') => {
    const each = createHttpServer();
    new WebSocketServer({ server: each, handleProtocols: () => protocol }).on('connection', onPeer);
    return each;
  };
  const row = (title: string, scheme: string, make: () => Server, outcome: LinkFailure): Test => [
    `${title}: ${outcome}`,
    async () => assert.equal(await deliverOneReading({ broker: `${scheme}://127.0.0.1:${await serve(make())}` }), outcome),
  ];

  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const each of servers) each.close();
  });

  const chatty = () => createServer((socket) => socket.end('220 mail.example\r\n'));
  const web = () => createHttpServer((_request, response) => response.end('hello'));
  inParallel([
    [
      'nobody: connect-failed',
      async () => assert.equal(await deliverOneReading({ broker: `mqtts://127.0.0.1:${await freePort()}` }), 'connect-failed'),
    ],
    [
      'nobody, ws: connect-failed',
      async () => assert.equal(await deliverOneReading({ broker: `ws://127.0.0.1:${await freePort()}` }), 'connect-failed'),
    ],
    row('TLS to a port without it', 'mqtts', chatty, 'tls-failed'),
    row('TLS to a web server', 'mqtts', web, 'tls-failed'),
    row('wss to a port without TLS', 'wss', chatty, 'tls-failed'),
    row('ws to a web server', 'ws', web, 'websocket-refused'),
    row('ws to what speaks no HTTP', 'ws', chatty, 'websocket-refused'),
    row('ws to a server without mqtt', 'ws', () => webSocketServer(() => {}, false), 'websocket-refused'),
    row('a text frame', 'ws', () => webSocketServer((peer) => peer.send('hello')), 'websocket-malformed'),
    row(
      'a message without end',
      'ws',
      () => webSocketServer((peer) => peer.send(new Uint8Array((1 << 20) + 1))),
      'websocket-malformed',
    ),
    row('a peer that closes at once', 'ws', () => webSocketServer((peer) => peer.close()), 'closed-unanswered'),
  ]);

  it('waits for the end of the handshake: before it nothing can be written, and the deadline of the link runs', async () => {
    for (const io of [nodeTls({}), NodeWebSocket, nodeSecureWebSocket({})]) {
      const silent = createServer();
      const hasAsked = once(silent, 'connection').then(([socket]) => once(socket, 'data'));
      const events: string[] = [];
      const tell = (event: string) => () => void events.push(event);
      const socket = new io({
        address: '127.0.0.1',
        port: await serve(silent),
        host: 'broker.test',
        path: '/mqtt',
        nodelay: true,
        onReadable: tell('readable'),
        onWritable: tell('writable'),
        onError: tell('error'),
      });
      await hasAsked;
      assert.throws(() => socket.write(Uint8Array.of(0)));
      assert.deepEqual(events, []);
      socket.close();
    }
  });
});
