// A virtual board behind its own proxy, watched: a scenario cuts it off and waits for what must happen, and a record remains.

import { Climate } from '../../../firmware/platform/simulated/climate.js';
import { parseSettings } from '../../../firmware/station/settings.js';
import { type DeviceObserver, VirtualDevice } from '../../../host-sim/device.js';
import { NodeTcp } from '../../../host-sim/ports/node-tcp.js';
import type { Chop } from './conduit.js';
import { LOOPBACK } from './port.js';
import { FaultyProxy } from './proxy.js';
import { kindOf, type LinkEvent, type Measured, type RoomRecord } from './record.js';
import { until } from './until.js';
import { readWire } from './wire-story.js';
import type { World } from './world.js';

/** The shortest that a DHT22 allows. */
const INTERVAL_SECONDS = 2;
/** The shortest that the settings allow, so that a silent peer is found soon. */
const KEEP_ALIVE_SECONDS = 5;
const WINDOW = 8;

/** What should happen at once gets this long on a busy machine. */
const PROMPT_LIMIT_MS = 5_000;
/** A broker notices a client's silence after one and a half keep-alives, and looks each few seconds. */
const NOTICE_LIMIT_MS = 1_500 * KEEP_ALIVE_SECONDS + 10_000;
/** A lost connection may be seen late (20 s without PUBACK) and tried again late (backoff, up to 60 s). */
const RECOVERY_LIMIT_MS = 90_000;

export interface RoomOptions {
  readonly room: string;
  /** 12 hex digits. */
  readonly station: string;
  readonly seed: number;
  readonly chop: Chop;
  readonly mqtt: '5' | '3.1.1';
  readonly world: World;
}

export class Room {
  readonly proxy: FaultyProxy;
  readonly #options: RoomOptions;
  readonly #device: VirtualDevice;
  readonly #measured: Measured[] = [];
  readonly #links: LinkEvent[] = [];
  readonly #startedAtMs = performance.now();
  readonly #startedAtEpochSeconds = Date.now() / 1000;

  /** Switches the board on; the proxy refuses it until it is opened. */
  static async start(options: RoomOptions): Promise<Room> {
    const { world, chop } = options;
    return new Room(options, await FaultyProxy.create({ brokerPort: () => world.port, chop }));
  }

  private constructor(options: RoomOptions, proxy: FaultyProxy) {
    this.#options = options;
    this.proxy = proxy;
    const settings = parseSettings({
      room: options.room,
      broker: `mqtt://${LOOPBACK}:${proxy.port}`,
      interval: INTERVAL_SECONDS,
      keepAlive: KEEP_ALIVE_SECONDS,
      window: WINDOW,
      mqtt: options.mqtt,
    });
    const observer: DeviceObserver = {
      onReading: (_device, { seq, measuredAtMs }) => this.#measured.push({ seq, atMs: measuredAtMs }),
      onLinkUp: () => this.#links.push({ state: 'up', atMs: performance.now() }),
      onLinkDown: (_device, failure) => this.#links.push({ state: 'down', atMs: performance.now(), failure }),
      onAcknowledged: () => {},
    };
    this.#device = new VirtualDevice(settings, options.station, new Climate(options.seed, options.room), observer, {
      tcp: NodeTcp,
    });
    this.#device.start();
  }

  cutWifi(): void {
    this.#device.cutWifi();
  }

  restoreWifi(): void {
    this.#device.restoreWifi();
  }

  // --- Waiting ------------------------------------------------------------------------------------------------------

  /** The sensor has measured `count` more readings. */
  async measures(count: number): Promise<void> {
    const enough = this.#measured.length + count;
    const limitMs = 1000 * INTERVAL_SECONDS * (count + 1) + PROMPT_LIMIT_MS;
    await this.#until(() => this.#measured.length >= enough, `${count} more readings are measured`, limitMs);
  }

  /** At least `count` messages are in flight, and the broker has acknowledged them, but the proxy holds that back. */
  async hasInFlight(count: number): Promise<void> {
    const isSo = () => readWire(this.#wire).inflight.length >= count && this.proxy.heldCount >= count && this.#isHeard;
    await this.#until(isSo, `${count} messages are in flight`, 1000 * INTERVAL_SECONDS * count + PROMPT_LIMIT_MS);
  }

  /** A PUBLISH went on by half. */
  async stalls(): Promise<void> {
    await this.#until(() => this.proxy.isSilent, 'a PUBLISH is cut in two', 1000 * INTERVAL_SECONDS + PROMPT_LIMIT_MS);
  }

  /** The subscriber has heard last that the station is `status`. */
  async isHeardAs(status: string): Promise<void> {
    const isSo = () => this.#heard.findLast(({ topic }) => kindOf(topic) === 'status')?.payload === status;
    await this.#until(isSo, `the subscriber hears that the station is ${status}`, NOTICE_LIMIT_MS);
  }

  /** The connection is lost, or a try to make one has failed, `count` more times. */
  async losesLink(count = 1): Promise<void> {
    const enough = this.#downCount + count;
    await this.#until(() => this.#downCount >= enough, `the link goes down ${count} times`, RECOVERY_LIMIT_MS);
  }

  /** A reading was measured on a connection that is up, and everything is delivered, acknowledged and heard. */
  async isCalm(): Promise<void> {
    await this.#until(() => this.#device.station.isOnline, 'the station is online', RECOVERY_LIMIT_MS);
    await this.measures(1);
    await this.#until(() => this.#isSettled, 'everything is delivered and heard', RECOVERY_LIMIT_MS);
  }

  get #wire() {
    return { wire: this.proxy.wire, window: WINDOW };
  }

  get #downCount(): number {
    return this.#links.filter(({ state }) => state === 'down').length;
  }

  get #isSettled(): boolean {
    const { isOnline, bufferedCount } = this.#device.station;
    return isOnline && bufferedCount === 0 && readWire(this.#wire).inflight.length === 0 && this.#isHeard;
  }

  /** The subscriber has heard what the proxy passed on. */
  get #isHeard(): boolean {
    const passed = readWire(this.#wire).sendings.filter(({ kind, wire }) => kind === 'readings' && wire.isForwarded);
    const heard = this.#heard.filter(({ topic, isRetained }) => kindOf(topic) === 'readings' && !isRetained);
    return heard.length >= passed.length;
  }

  get #heard() {
    return this.#options.world.heardOf(this.#options.room);
  }

  async #until(isSo: () => boolean, what: string, limitMs: number): Promise<void> {
    await until(isSo, `room ${this.#options.room}: ${what}`, limitMs);
  }

  // --- Ending -------------------------------------------------------------------------------------------------------

  /** Shuts the station down as one does, and returns what was seen of it. */
  async end(): Promise<RoomRecord> {
    const stoppedAtMs = performance.now();
    let isClosed = false;
    void this.#device.shutDown().then(() => {
      isClosed = true;
    });
    await this.#until(() => isClosed, 'the station shuts down', RECOVERY_LIMIT_MS);
    await this.isHeardAs('offline');
    const { room, seed, station, mqtt, world } = this.#options;
    return {
      ...{ room, seed, station, mqtt, boot: this.#device.station.boot, intervalSeconds: INTERVAL_SECONDS, window: WINDOW },
      ...{ startedAtMs: this.#startedAtMs, startedAtEpochSeconds: this.#startedAtEpochSeconds, stoppedAtMs },
      ...{ measured: this.#measured, links: this.#links, wire: this.proxy.wire, malformed: this.proxy.malformed },
      heard: this.#heard,
      retained: await world.retainedOf(room),
    };
  }

  /** Ends at once whatever still runs. */
  abort(): void {
    this.#device.abort();
    this.proxy.close();
  }
}
