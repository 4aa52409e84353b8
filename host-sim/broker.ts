// The embedded broker: Aedes on TCP and WebSocket, and on both with TLS. It can be cut and restored with its sessions, as a switch
// that is pulled, or without them, as a memory that is lost.

import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Aedes, type AedesOptions } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { CatchUp } from './broker/catch-up.js';
import { Deliveries } from './broker/deliveries.js';
import { withGrantedQos } from './broker/granted-qos.js';
import { Listener } from './broker/listener.js';
import { asksFor, type Login, LoginCheck } from './broker/login.js';
import type { Rights } from './broker/rights.js';
import { SessionQueues } from './broker/session-queues.js';
import { tapWire, type WireObserver } from './broker/wire-tap.js';
import { type Certificates, readCertificates } from './certificates/directory.js';
import type { Credentials } from './ports/node-tls.js';

export interface BrokerOptions {
  /** The address to listen on; loopback unless told otherwise. */
  readonly host?: string;
  /** 0: any free port, here and below. */
  readonly mqttPort: number;
  readonly wsPort: number;
  /** Who may connect; without it, everybody. */
  readonly login?: Login;
  /** Who may connect and publish what, in place of `login`. */
  readonly rights?: Rights;
  /** Without it there is no TLS. */
  readonly tls?: BrokerTls;
  /** Asked for what watches each new connection. */
  readonly observe?: () => WireObserver;
}

export interface BrokerTls {
  /** The folder that `npm run certificates` has filled. */
  readonly directory: string;
  readonly port: number;
  readonly wsPort: number;
  /** Only clients with a certificate of the folder's authority are let in, on the ports with TLS. */
  readonly wantsClientCertificates: boolean;
}

/** The ports in use; `null` where there is no TLS. */
export interface BrokerPorts {
  readonly mqttPort: number;
  readonly wsPort: number;
  readonly mqttsPort: number | null;
  readonly wssPort: number | null;
}

const LOOPBACK = '127.0.0.1';

/** Where messages go that must not be published: subscriptions to everything do not cover it [MQTT-4.7.2-1]. */
const DROPPED_TOPIC = '$SYS/dropped';

/** Largest WebSocket message taken from a client. */
const WEBSOCKET_MESSAGE_MAXIMUM_BYTES = 1 << 20;

/** At the end, a subscriber that takes longer to hear what was published, and to leave, holds nobody up. */
const FAREWELL_LIMIT_MS = 1_000;

/** A client that takes longer is dropped. */
const TLS_HANDSHAKE_LIMIT_MS = 10_000;

/**
 * No queue in Aedes' emitter. It drains by recursion, one level for each message that nobody subscribes to, and a thousand
 * rooms that end at once then overflow the stack (mqemitter 7.1). Without it, each message is handed on as it comes.
 */
const UNQUEUED = 0;

/** All that a broker remembers: sessions, retained messages, and what it keeps for clients that are away. */
interface BrokerMemory {
  readonly aedes: Aedes;
  readonly catchUp: CatchUp;
  readonly queues: SessionQueues;
  readonly deliveries: Deliveries;
}

/** Takes a connection that has come in. */
type Handle = (stream: Duplex, request?: IncomingMessage) => void;

export class EmbeddedBroker {
  readonly #options: BrokerOptions;
  readonly #mqtt: Listener;
  readonly #webSocket: Listener;
  readonly #mqtts: Listener | undefined;
  readonly #secureWebSocket: Listener | undefined;
  readonly #certificates: Certificates | undefined;
  /** Of the clients that are connected. */
  readonly #streams = new Set<Duplex>();
  #memory: BrokerMemory;
  #isUp = false;
  #keepsMemory = true;
  /** Dropped by a broker that has lost its memory since. */
  #droppedEarlier = 0;

  private constructor(memory: BrokerMemory, options: BrokerOptions, certificates: Certificates | undefined) {
    const { host = LOOPBACK, mqttPort, wsPort, tls } = options;
    this.#memory = memory;
    this.#options = options;
    const handle: Handle = (stream, request) => this.#handle(stream, request);
    this.#mqtt = new Listener(createServer(handle), host, mqttPort, '--mqtt-port');
    this.#webSocket = new Listener(servesWebSockets(createHttpServer(), handle), host, wsPort, '--ws-port');
    if (!tls || !certificates) return;
    const secure = tlsOptions(certificates, tls);
    this.#certificates = certificates;
    this.#mqtts = new Listener(createTlsServer(secure, handle), host, tls.port, '--tls-port');
    const secureServer = servesWebSockets(createHttpsServer(secure), handle);
    this.#secureWebSocket = new Listener(secureServer, host, tls.wsPort, '--wss-port');
  }

  /** Throws `UserError` where a port cannot be had, or the folder of certificates cannot be used. */
  static async start(options: BrokerOptions): Promise<EmbeddedBroker> {
    const certificates = options.tls && readCertificates(options.tls.directory);
    const broker = new EmbeddedBroker(await createMemory(options), options, certificates);
    try {
      await broker.restore();
    } catch (error) {
      await broker.close();
      throw error;
    }
    return broker;
  }

  /** The ports in use, also while the broker is cut. */
  get ports(): BrokerPorts {
    return {
      mqttPort: this.#mqtt.port,
      wsPort: this.#webSocket.port,
      mqttsPort: this.#mqtts?.port ?? null,
      wssPort: this.#secureWebSocket?.port ?? null,
    };
  }

  /** For the stations on this computer: with TLS where there is TLS. */
  get url(): string {
    const { mqttPort, mqttsPort } = this.ports;
    return mqttsPort === null ? `mqtt://${LOOPBACK}:${mqttPort}` : `mqtts://${LOOPBACK}:${mqttsPort}`;
  }

  /** What the stations on this computer need for `url`. */
  get credentials(): Credentials {
    const certificates = this.#certificates;
    return certificates ? { ca: certificates.ca, ...certificates.client } : {};
  }

  /** Messages that were dropped because a subscriber with a kept session stayed away too long. */
  get droppedCount(): number {
    return this.#droppedEarlier + this.#memory.queues.droppedCount;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Drops all clients and refuses new ones; sessions and retained messages stay, or are lost. */
  async cut(keepsMemory = true): Promise<void> {
    this.#isUp = false;
    this.#keepsMemory &&= keepsMemory;
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  /** Takes clients again, on the same ports. */
  async restore(): Promise<void> {
    if (!this.#keepsMemory) await this.#loseMemory();
    for (const listener of this.#listeners) await listener.open();
    this.#isUp = true;
  }

  /** Publishes the time for rooms that have no other (design §3). */
  publishClock(topic: string, epochSeconds: number): void {
    const packet = { cmd: 'publish', topic, payload: String(epochSeconds), qos: 0, retain: false, dup: false } as const;
    const { aedes, catchUp } = this.#memory;
    catchUp.whenCaughtUp(() => aedes.publish(packet, () => {}));
  }

  /** Ends for good. Whoever is connected hears first what was published, within `FAREWELL_LIMIT_MS`. */
  async close(): Promise<void> {
    await Promise.race([this.#takeLeave(), delay(FAREWELL_LIMIT_MS, undefined, { ref: false })]);
    await this.cut();
    await closeAedes(this.#memory.aedes);
  }

  async #takeLeave(): Promise<void> {
    await this.#memory.deliveries.settled();
    // Until the client has closed its side too: what it has not read when a socket is destroyed can be lost.
    const ended = [...this.#streams].map((stream) => finished(stream.end()).catch(() => {}));
    await Promise.all(ended);
  }

  #handle(stream: Duplex, request?: IncomingMessage): void {
    const { observe } = this.#options;
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    if (observe) tapWire(stream, observe());
    this.#memory.aedes.handle(stream, request);
  }

  async #loseMemory(): Promise<void> {
    this.#droppedEarlier = this.droppedCount;
    await closeAedes(this.#memory.aedes);
    this.#memory = await createMemory(this.#options);
    this.#keepsMemory = true;
  }

  get #listeners(): readonly Listener[] {
    return [this.#mqtt, this.#webSocket, this.#mqtts, this.#secureWebSocket].filter((listener) => listener !== undefined);
  }
}

async function createMemory({ login, rights }: BrokerOptions): Promise<BrokerMemory> {
  const catchUp = new CatchUp();
  const hooks = rights ? restrict(catchUp.hooks, rights) : { ...catchUp.hooks, ...(login && asksForLogin(login)) };
  const aedes = await Aedes.createBroker({
    concurrency: UNQUEUED,
    ...hooks,
    authorizeForward: withGrantedQos(catchUp.hooks.authorizeForward),
  });
  aedes.on('clientReady', catchUp.ready);
  return { aedes, catchUp, queues: new SessionQueues(aedes), deliveries: new Deliveries(aedes) };
}

function asksForLogin(login: Login) {
  const check = new LoginCheck(login);
  return asksFor((_client, user, password) => check.isRight(user, password));
}

/** `hooks` under `rights`. What must not be published is acknowledged and dropped, as Mosquitto does: MQTT 3.1.1 has no other answer
 * but to close the connection [MQTT-3.3.5-2], and then the client would come back and send it again, for ever. */
function restrict(hooks: CatchUp['hooks'], rights: Rights): AedesOptions {
  return {
    ...hooks,
    ...rights.hooks,
    authorizePublish: (client, packet, callback) => {
      const isAllowed = client === null || rights.mayPublish(client, packet);
      hooks.authorizePublish(client, packet, (error) => {
        if (!isAllowed) Object.assign(packet, { topic: DROPPED_TOPIC, payload: '', retain: false });
        callback(error);
      });
    },
  };
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve));
}

/** Lets `handle` have the WebSockets that come to `server`. */
function servesWebSockets<Server extends HttpServer>(server: Server, handle: Handle): Server {
  const webSockets = new WebSocketServer({
    server,
    maxPayload: WEBSOCKET_MESSAGE_MAXIMUM_BYTES,
    // MQTT-6.0.0-3: the client offers "mqtt", and the server chooses it.
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  webSockets.on('connection', (webSocket, request) => {
    const stream: Duplex = createWebSocketStream(webSocket);
    // A client that vanishes is Aedes' to notice; the stream alone would end the process.
    stream.on('error', () => stream.destroy());
    handle(stream, request);
  });
  // A port that is taken is reported where the server is told to listen.
  webSockets.on('error', () => {});
  return server;
}

function tlsOptions({ ca, server }: Certificates, { wantsClientCertificates }: BrokerTls): TlsOptions {
  return {
    cert: server.certificate,
    key: server.key,
    handshakeTimeout: TLS_HANDSHAKE_LIMIT_MS,
    ...(wantsClientCertificates && { ca, requestCert: true, rejectUnauthorized: true }),
  };
}
