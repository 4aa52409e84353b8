// The station: sensor, spool, publisher, session and link put together, and the one loop that drives them.
// A turn does what is due, hands output to the socket once, and sets one timer for the earliest deadline.

import { Dht22 } from '../dht22/sensor.js';
import type { InboundMessage } from '../mqtt/inbound-message.js';
import { type Properties, PropertyId } from '../mqtt/properties.js';
import type { ConnectOptions, OutboundMessage, ProtocolLevel, Subscription } from '../mqtt/protocol.js';
import { FAILURE_CODES_BEGIN } from '../mqtt/reason.js';
import { Session } from '../mqtt/session.js';
import { CONTROL_RESERVE_BYTES, type SessionFailure, type SessionHandler } from '../mqtt/session-options.js';
import { decodeUtf8 } from '../mqtt/utf8.js';
import type { EdgeCaptureConstructor, Random, Resolver, Uptime, WallClock } from '../ports.js';
import { Spool, type SpoolListener } from '../spool/spool.js';
import { Clock } from './clock.js';
import { type CommandHandler, CommandStream } from './command-stream.js';
import { Link, type LinkFailure, type LinkHandler } from './link.js';
import type { Notices } from './notices.js';
import { cursorCount, PAYLOAD_CAPACITY, Publisher, type Subject, statusPayload } from './publisher.js';
import { type BoardState, encodeDiagnostics, encodeInfo, type Identity } from './reports.js';
import { Sampler, type SamplerHandler, type SensorFaultClass } from './sampler.js';
import type { Settings } from './settings.js';
import { buildTopics, equalBytes, roomOf, TOPIC_LIMIT_BYTES, type Topics } from './topics.js';
import { routeTo, type Transports } from './transport.js';
import { VersionChoice } from './version-choice.js';

export interface Ports extends Transports {
  readonly uptime: Uptime;
  readonly wallClock: WallClock;
  readonly random: Random;
  readonly resolver: Resolver;
  readonly capture: EdgeCaptureConstructor;
}

/** A reading as it is stored; `time` is UTC epoch seconds, or `undefined` while the clock was never set. */
export interface Reading {
  readonly seq: number;
  readonly time: number | undefined;
  readonly temperatureTenths: number;
  readonly humidityTenths: number;
}

/** The board around the station. Called from within a turn. */
export interface StationHome extends BoardState, CommandHandler {
  /** The sensor was read, well or not: the station's turn is due, once the stack of the sensor's answer is gone. */
  onProgress(): void;
  /** The station has taken its turn: the next one is due at its deadline. */
  onTurnOver(nowMs: number): void;
  /** The broker has acknowledged all notices. */
  onNoticesDelivered(): void;
}

/** Who watches the station is told this. Called from within a turn: it must not call back into the station. */
export interface StationObserver {
  onReading(reading: Reading): void;
  /** All streams in use have delivered the reading; it has left the spool. */
  onAcknowledged(seq: number): void;
  onLinkUp(): void;
  /** The link went down, or a try to bring it up failed. `explanation` is what the server said about it; mostly nothing. */
  onLinkDown(failure: LinkFailure, reasonCode: number, explanation: string): void;
  onSensorFault(fault: SensorFaultClass, bit: number): void;
  /** The server refused a subscription of the station's. */
  onSubscriptionRefused(reasonCode: number): void;
  /** The shutdown is over. */
  onClosed(): void;
}

export interface StationOptions {
  readonly settings: Settings;
  readonly identity: Identity;
  readonly ports: Ports;
  readonly home: StationHome;
  /** What the home wants to be said. */
  readonly notices: Notices;
  readonly observer: StationObserver;
}

const CONNACK_TIMEOUT_MS = 10_000;
const ACKNOWLEDGEMENT_TIMEOUT_MS = 20_000;
const PING_TIMEOUT_MS = 10_000;

/** How long a broker keeps the session of a station that is away: what it holds then is an answer to nothing any more. */
const SESSION_EXPIRY_SECONDS = 3_600;

/** Messages of QoS 1 that may come at once: their acknowledgements fit in the room that messages leave. */
const RECEIVE_MAXIMUM = 8;

const DIAGNOSTICS_INTERVAL_MS = 60_000;
const REANNOUNCE_INTERVAL_MS = 60_000;

/** What a command may say beside its payload: response topic, correlation data, and what a broker adds. */
const PROPERTIES_MAXIMUM_BYTES = 128;

/** A time, a status, and a short command. */
const SHORT_PAYLOAD_BYTES = 64;

/** Longest packet body that is taken in whole, with the longest topic; the payload of a longer command comes in pieces. */
const INPUT_CAPACITY = 2 + TOPIC_LIMIT_BYTES + 2 + PROPERTIES_MAXIMUM_BYTES + SHORT_PAYLOAD_BYTES;

/** One largest message and the room that messages leave for acknowledgements. */
const OUTPUT_CAPACITY = 1 + 4 + 2 + TOPIC_LIMIT_BYTES + 2 + 1 + PAYLOAD_CAPACITY + CONTROL_RESERVE_BYTES;

const NEVER = Number.POSITIVE_INFINITY;

export class Station implements SessionHandler, LinkHandler, SamplerHandler, SpoolListener, Subject {
  readonly room: string;
  readonly identity: Identity;
  /** 32 random bits that name this run: with `seq` they name a reading. */
  readonly boot: number;
  private readonly ports: Ports;
  private readonly home: StationHome;
  private readonly notices: Notices;
  private readonly observer: StationObserver;
  private readonly topics: Topics;
  private readonly clock: Clock;
  private readonly spool: Spool;
  private readonly sampler: Sampler;
  private readonly publisher: Publisher;
  private readonly session: Session;
  private readonly link: Link;
  private readonly commands: CommandStream;
  private readonly version: VersionChoice;
  private readonly sensor: Dht22;
  private settings: Settings;
  private isInTurn = false;
  private connections = 0;
  private startClean = true;
  private subscribePending = false;
  private reannounceAtMs = NEVER;
  private reannouncedAtMs = -REANNOUNCE_INTERVAL_MS;
  private diagnosticsDueMs = NEVER;
  private measured = 0;
  private oversizedMessages = 0;
  private linkFailure: LinkFailure | undefined;
  /** What the server said when it refused or ended the connection. */
  private explanation = '';
  private shutdown: 'no' | 'draining' | 'saying-offline' | 'closing' = 'no';

  constructor(options: StationOptions) {
    const { settings, identity, ports } = options;
    this.settings = settings;
    this.ports = ports;
    this.home = options.home;
    this.notices = options.notices;
    this.observer = options.observer;
    this.identity = identity;
    this.boot = ports.random();
    this.room = roomOf(settings, identity.station);
    this.topics = buildTopics(settings, this.room);
    this.clock = new Clock(ports.wallClock);
    const { capacity, overflow, streams, replay, window } = settings;
    this.spool = new Spool({
      capacity,
      overflow,
      cursorCount: cursorCount(streams),
      listener: this,
    });
    // Payloads are composed and answers decoded in one go each, never at the same time: on a board 500 bytes less.
    const scratch = new ArrayBuffer(PAYLOAD_CAPACITY);
    this.publisher = new Publisher({
      spool: this.spool,
      clock: this.clock,
      notices: options.notices,
      topics: this.topics,
      streams,
      replay,
      window,
      random: ports.random,
      station: identity.station,
      boot: this.boot,
      subject: this,
      scratch,
    });
    this.commands = new CommandStream(this.topics.command, options.home);
    this.session = new Session({
      outputCapacity: OUTPUT_CAPACITY,
      inputCapacity: INPUT_CAPACITY,
      window,
      receiveMaximum: RECEIVE_MAXIMUM,
      connackTimeoutMs: CONNACK_TIMEOUT_MS,
      acknowledgementTimeoutMs: ACKNOWLEDGEMENT_TIMEOUT_MS,
      pingTimeoutMs: PING_TIMEOUT_MS,
      outbox: this.publisher,
      handler: this,
      stream: this.commands,
    });
    this.version = new VersionChoice(settings.mqtt);
    this.link = this.createLink();
    this.sensor = new Dht22({ sensor: { io: ports.capture, pin: settings.pin }, model: settings.model, scratch });
    this.sensor.configure(settings);
    this.sampler = this.createSampler();
  }

  // --- For the home of the station ----------------------------------------------------------------------------------

  /** Begins to measure. */
  start(): void {
    this.sampler.start(this.ports.uptime());
    this.turn();
  }

  /** The network has an address: the broker can be tried. */
  networkUp(): void {
    this.link.networkUp(this.ports.uptime());
    this.turn();
  }

  /** The network is gone. Readings go on. */
  networkDown(): void {
    this.link.networkDown(this.ports.uptime());
    this.turn();
  }

  /** Takes over those of `settings` that can change while it runs: the interval and the offsets. */
  adopt(settings: Settings): void {
    this.settings = settings;
    this.sensor.configure(settings);
    this.sampler.changeInterval(settings.interval * 1000, this.ports.uptime());
    this.publisher.announceInfo();
    this.turn();
  }

  /** Somebody is about to mask interrupts: a read of the sensor that is under way is broken off, and taken up again. */
  interruptSensor(): void {
    this.sampler.interrupt();
  }

  /**
   * Stops measuring, delivers what is buffered, says `offline` and disconnects; ends in `onClosed`. It does not wait for a backoff
   * to end, but for the broker as long as that takes: the caller sets a limit, and calls `abort` when it has passed.
   */
  shutDown(): void {
    if (this.shutdown !== 'no') return;
    this.shutdown = 'draining';
    this.sampler.stop();
    this.link.retryNow(this.ports.uptime());
    this.turn();
  }

  /** Closes at once: what is buffered is lost, and the broker publishes the will. Ends in `onClosed`. */
  abort(): void {
    this.shutdown = 'closing';
    this.sampler.stop();
    this.link.abort();
  }

  get isOnline(): boolean {
    return this.session.isConnected;
  }

  /** Protocol level of the connection, or of the last one: 4 is MQTT 3.1.1. */
  get protocolLevel(): ProtocolLevel {
    return this.session.level;
  }

  /** Whether the broker has refused one version of MQTT, and not yet been asked for the other. */
  get willTryOtherVersion(): boolean {
    return this.version.isFirstWithOther && this.version.level !== this.session.level;
  }

  /** Whether everything that was measured and said has been delivered. */
  get isDrained(): boolean {
    return this.publisher.isIdle;
  }

  /** Whether the last read of the sensor gave no reading. */
  get hasSensorTrouble(): boolean {
    return this.sampler.trouble !== undefined;
  }

  /** Readings that the sensor gave. */
  get measuredCount(): number {
    return this.measured;
  }

  /** Readings that wait for an acknowledgement. */
  get bufferedCount(): number {
    return this.spool.length;
  }

  /** Readings lost because the spool was full, or because the broker would not take them. */
  get droppedCount(): number {
    return this.spool.dropped;
  }

  /** Connections after the first. */
  get reconnectCount(): number {
    return Math.max(0, this.connections - 1);
  }

  // --- The loop -----------------------------------------------------------------------------------------------------

  /** When `turn` must be called at the latest, or infinity. */
  deadlineMs(nowMs: number): number {
    const dueMs = Math.min(this.sampler.deadlineMs, this.link.deadlineMs);
    if (!this.session.isConnected) return dueMs;
    return Math.min(dueMs, this.diagnosticsDueMs, this.reannounceAtMs, this.publisher.deadlineMs(nowMs));
  }

  /** Does what is due. */
  turn(): void {
    // What a part reports from within a turn is seen to by the same turn.
    if (this.isInTurn) return;
    this.isInTurn = true;
    const nowMs = this.ports.uptime();
    this.sampler.tick(nowMs);
    this.link.tick(nowMs);
    this.publish(nowMs);
    this.advanceShutdown(nowMs);
    this.link.flush(nowMs);
    this.isInTurn = false;
    this.home.onTurnOver(nowMs);
  }

  private publish(nowMs: number): void {
    if (!this.session.isConnected) return;
    if (nowMs >= this.reannounceAtMs) {
      this.reannounceAtMs = NEVER;
      this.reannouncedAtMs = nowMs;
      this.publisher.announceStatus('online');
    }
    this.publisher.pump(this.session, nowMs);
    if (this.subscribePending) this.subscribePending = !this.session.subscribe(this.subscriptions(), nowMs);
    if (nowMs >= this.diagnosticsDueMs) {
      // QoS 0: where there is no room now, the next one tells as much.
      this.session.publishOnce(this.diagnose(nowMs));
      this.diagnosticsDueMs = nowMs + DIAGNOSTICS_INTERVAL_MS;
    }
  }

  private advanceShutdown(nowMs: number): void {
    if (!this.session.isConnected || !this.publisher.isIdle) return;
    if (this.shutdown === 'draining') {
      this.shutdown = 'saying-offline';
      // An 'online' that was still due must not come behind it.
      this.reannounceAtMs = NEVER;
      this.publisher.announceStatus('offline');
      this.publisher.pump(this.session, nowMs);
    } else if (this.shutdown === 'saying-offline') {
      this.shutdown = 'closing';
      this.link.close(nowMs);
    }
  }

  // --- Session events -----------------------------------------------------------------------------------------------

  onConnected(): void {
    const nowMs = this.ports.uptime();
    this.startClean = false;
    this.version.accepted();
    this.connections++;
    this.clock.refresh(nowMs);
    // Also where the server has kept a session: it may be one whose CONNACK was lost, or that ended before its SUBSCRIBE arrived.
    this.subscribePending = true;
    this.diagnosticsDueMs = nowMs;
    this.publisher.announceStatus(this.shutdown === 'saying-offline' ? 'offline' : 'online');
    this.publisher.announceInfo();
    this.observer.onLinkUp();
  }

  onSessionLost(): void {
    this.publisher.onSessionLost();
  }

  onAcknowledged(tag: number): void {
    const hadNotices = !this.notices.isEmpty;
    this.publisher.onAcknowledged(tag);
    if (hadNotices && this.notices.isEmpty) this.home.onNoticesDelivered();
  }

  onRefused(tag: number, reasonCode: number): void {
    this.publisher.onRefused(tag, reasonCode, this.ports.uptime());
  }

  onSubscribed(reasonCodes: Uint8Array): void {
    for (const code of reasonCodes) if (code >= FAILURE_CODES_BEGIN) this.observer.onSubscriptionRefused(code);
  }

  onUnsubscribed(): void {}

  onMessage(message: InboundMessage): void {
    const nowMs = this.ports.uptime();
    if (equalBytes(message.topic, this.topics.clock)) {
      // A retained time is the time of long ago.
      if (!message.retain) this.clock.hear(message.payload, nowMs);
    } else if (equalBytes(message.topic, this.topics.status)) {
      // The will of a connection that the server gave up late, or a twin that has left this room: this station is here.
      const isTrue = equalBytes(message.payload, statusPayload('online'));
      if (!isTrue && this.shutdown === 'no') {
        this.reannounceAtMs = Math.max(nowMs, this.reannouncedAtMs + REANNOUNCE_INTERVAL_MS);
      }
    } else this.commands.take(message);
  }

  onOversizedMessage(): void {
    this.oversizedMessages++;
  }

  onFailed(failure: SessionFailure, reasonCode: number, properties: Properties | undefined): void {
    this.explanation = explain(properties);
    // What is in flight cannot be sent again as it was: it is built anew, and smaller, in a new session.
    if (failure === 'beyond-server-limits') this.startClean = true;
    this.link.restart(failure, reasonCode, this.ports.uptime());
  }

  // --- What the link, the sensor and the spool tell and ask ----------------------------------------------------------

  connectOptions(): ConnectOptions {
    const { user, password, keepAlive } = this.settings;
    return {
      level: this.version.level,
      clientId: `station-${this.identity.station}`,
      cleanStart: this.startClean || this.publisher.needsCleanSession,
      keepAliveSeconds: keepAlive,
      sessionExpirySeconds: SESSION_EXPIRY_SECONDS,
      will: { topic: this.topics.status, payload: statusPayload('offline'), qos: 1, retain: true },
      user: user === '' ? undefined : user,
      password: password === '' ? undefined : password,
    };
  }

  onActivity(): void {
    this.turn();
  }

  onDown(failure: LinkFailure, reasonCode: number): void {
    if (failure === 'connection-refused') this.version.refused(reasonCode);
    else if (failure === 'closed-unanswered') this.version.closedUnanswered();
    this.observer.onLinkDown(failure, reasonCode, this.explanation);
    this.explanation = '';
  }

  onClosed(): void {
    this.observer.onClosed();
  }

  onReading(temperatureTenths: number, humidityTenths: number, nowMs: number): void {
    this.clock.refresh(nowMs);
    const uptimeSeconds = Math.round(nowMs / 1000);
    const seq = this.spool.nextSeq;
    this.measured++;
    if (this.spool.append(uptimeSeconds, temperatureTenths, humidityTenths)) {
      const { offsetSeconds } = this.clock;
      const time = offsetSeconds === undefined ? undefined : offsetSeconds + uptimeSeconds;
      this.observer.onReading({ seq, time, temperatureTenths, humidityTenths });
    }
    // Overflow took a reading that is about to be redelivered: its message cannot be built, so the session starts again, clean.
    if (this.publisher.needsCleanSession && this.session.isResuming) this.link.restart('spool-overflow', 0, nowMs);
    this.home.onProgress();
  }

  onFault(fault: SensorFaultClass, bit: number): void {
    this.observer.onSensorFault(fault, bit);
    this.home.onProgress();
  }

  onDelivered(seq: number): void {
    this.observer.onAcknowledged(seq);
  }

  describe(): Uint8Array {
    return encodeInfo(this.identity, this.settings, this.home.address);
  }

  // --- Parts --------------------------------------------------------------------------------------------------------

  private createLink(): Link {
    const { resolver, random, uptime } = this.ports;
    return new Link({
      route: routeTo(this.settings.broker, this.ports),
      resolver,
      random,
      uptime,
      session: this.session,
      handler: this,
    });
  }

  private createSampler(): Sampler {
    return new Sampler({
      sensor: this.sensor,
      uptime: this.ports.uptime,
      intervalMs: this.settings.interval * 1000,
      handler: this,
    });
  }

  private subscriptions(): Subscription[] {
    const { clock, status, command } = this.topics;
    const subscriptions: Subscription[] = [
      { filter: clock, qos: 0 },
      { filter: status, qos: 0 },
    ];
    // A retained command is none (design §3); 3.1.1 sends it all the same.
    if (command.length > 0) subscriptions.push({ filter: command, qos: 1, retainHandling: 2 });
    return subscriptions;
  }

  private diagnose(nowMs: number): OutboundMessage {
    const payload = encodeDiagnostics({
      uptimeSeconds: Math.floor(nowMs / 1000),
      buffered: this.bufferedCount,
      dropped: this.droppedCount,
      reconnects: this.reconnectCount,
      linkFailure: this.linkFailure,
      oversized: this.oversizedMessages,
      protocolLevel: this.session.level,
      refusals: this.publisher.refusals,
      faultCounts: this.sampler.faultCounts,
      repairedReads: this.sampler.repairedReads,
      trouble: this.sampler.trouble,
      clockOffsetSeconds: this.clock.offsetSeconds,
      board: this.home,
    });
    return { topic: this.topics.diagnostics, payload, payloadLength: payload.length, qos: 0, retain: false };
  }
}

/** What the server says in words, and where it says to go instead (MQTT 5 §3.14.2.2). */
function explain(properties: Properties | undefined): string {
  const reason = properties?.bytes(PropertyId.reasonString);
  const server = properties?.bytes(PropertyId.serverReference);
  const words = reason === undefined ? '' : decodeUtf8(reason);
  return server === undefined ? words : `${words} -> ${decodeUtf8(server)}`;
}

export type { Identity, LinkFailure, SensorFaultClass };
