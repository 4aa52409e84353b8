// The page's server, put together: recorder, house, events and HTTP over one broker. Starts it, and ends it with all written.

import { resolve } from 'node:path';
import { renderSVG } from 'uqr';
import type { Login } from '../broker/login.js';
import type { Rights } from '../broker/rights.js';
import type { Credentials } from '../ports/node-tls.js';
import { describeRefusal } from '../refusal.js';
import type { UserError } from '../user-error.js';
import type { BrokerEvent, Config, RecordedReading, StreamName, TopicMap } from './api.js';
import type { ClassAccess } from './class-access.js';
import { ControlError, type SimulatorControls } from './controls.js';
import type { Flow } from './flow.js';
import { Api, type ApiServices } from './http/api-routes.js';
import { dialer } from './http/dial.js';
import { EventHub, encodeEvent } from './http/event-hub.js';
import { Guard, OPEN_HERE } from './http/guard.js';
import { Relay } from './http/relay.js';
import { MQTT_PATH, PageServer } from './http/server.js';
import { networkAddresses, networkNames } from './lan.js';
import { retainedTopics } from './record/forgetting.js';
import { HouseRecord } from './record/house.js';
import { startMeansPublisher } from './record/means-publisher.js';
import { Recorder } from './record/recorder.js';
import { type NewReading, Store } from './record/store.js';
import { Subscription } from './record/subscription.js';
import { RoomTopics } from './record/topics.js';

/** What the command line says of the page. */
export interface PageOptions {
  /** 0: any free port. */
  readonly httpPort: number;
  /** Serve the network; else this computer alone. */
  readonly isLan: boolean;
  /** Where readings are kept; `undefined`: in memory, until the end. */
  readonly dataDirectory: string | undefined;
  readonly windowSeconds: number;
  readonly publishesMeans: boolean;
  readonly maps: readonly TopicMap[];
}

/** What the page shows, and how it reaches it. */
export interface PageSubject {
  readonly version: string;
  readonly prefix: string;
  readonly template: string;
  readonly intervalSeconds: number;
  readonly language: 'en' | 'fr';
  readonly broker: {
    /** As this process reaches it. */
    readonly url: string;
    /** As people know it. */
    readonly shownUrl: string;
    readonly credentials: Credentials;
    /** What everybody logs in with; `undefined`: nobody is asked. */
    readonly login: Login | undefined;
  };
  /** Where the network is served. */
  readonly access: ClassAccess | undefined;
  /** Events of the embedded broker; `undefined` with a broker elsewhere. */
  readonly flow: Flow | undefined;
  /** `undefined` where there are no virtual rooms. */
  readonly controls: SimulatorControls | undefined;
}

const LOOPBACK = '127.0.0.1';
const EVERY_ADDRESS = '0.0.0.0';

const FLUSH_INTERVAL_MS = 250;
const HOUSE_INTERVAL_MS = 2_000;
const SIMULATOR_INTERVAL_MS = 1_000;

export class Page {
  readonly #options: PageOptions;
  readonly #subject: PageSubject;
  readonly #hub = new EventHub();
  readonly #guard: Guard;
  readonly #topics: RoomTopics;
  readonly #store: Store;
  readonly #house: HouseRecord;
  readonly #recorder: Recorder;
  readonly #subscription: Subscription;
  readonly #intervals: NodeJS.Timeout[] = [];
  #stopMeans = () => {};
  #refuse: (error: UserError) => void = () => {};

  /** Rejects where the broker does not let the page in. */
  readonly refused: Promise<never> = new Promise((_resolve, reject) => {
    this.#refuse = reject;
  });

  #server: PageServer | undefined;
  #simulatorShown = '';

  private constructor(options: PageOptions, subject: PageSubject) {
    this.#options = options;
    this.#subject = subject;
    // Whoever cares waits for it; to the others the stations say the same.
    this.refused.catch(() => {});
    const { prefix, template, broker, access } = subject;
    this.#guard = new Guard(access ? { names: networkNames(), login: broker.login, key: access.key } : OPEN_HERE);
    this.#topics = new RoomTopics({ prefix, template, maps: options.maps });
    this.#store = Store.open(options.dataDirectory);
    this.#house = new HouseRecord({ store: this.#store, windowSeconds: options.windowSeconds, now, startOfDay });
    this.#recorder = new Recorder({
      topics: this.#topics,
      store: this.#store,
      now,
      intervalOf: (room) => this.#house.intervalOf(room),
      onInterval: (room, seconds) => this.#house.tellInterval(room, seconds),
      onRecorded: (readings) => this.#tellRecorded(readings),
    });
    this.#subscription = new Subscription({
      recording: options.dataDirectory && resolve(options.dataDirectory),
      url: broker.url,
      login: access ? access.pageLogin : broker.login,
      credentials: broker.credentials,
      filters: this.#topics.filters,
      onHeard: (heard) => this.#recorder.hear(heard),
      onRefused: (code) => this.#refuse(describeRefusal(broker.shownUrl, 'connection-refused', code)),
    });
  }

  /** Throws `UserError` where the port or the data directory cannot be had. */
  static async start(options: PageOptions, subject: PageSubject): Promise<Page> {
    const page = new Page(options, subject);
    try {
      await page.#open();
    } catch (error) {
      await page.close();
      throw error;
    }
    return page;
  }

  /** Resolves when the broker has granted the recorder's subscriptions for the first time. */
  get listening(): Promise<void> {
    return this.#subscription.granted;
  }

  get port(): number {
    return (this.#server as PageServer).port;
  }

  /** By which others reach the page; `undefined` where only this computer does. */
  get address(): string | undefined {
    return this.#options.isLan ? `http://${networkAddresses()[0] ?? LOOPBACK}:${this.port}` : undefined;
  }

  /** Writes what has been heard, and closes everything. */
  async close(): Promise<void> {
    for (const interval of this.#intervals) clearInterval(interval);
    this.#stopMeans();
    this.#hub.close();
    await this.#subscription.close();
    await this.#server?.close();
    this.#recorder.flush();
    this.#store.close();
  }

  async #open(): Promise<void> {
    const api = new Api(this.#services());
    this.#server = await PageServer.start({
      port: this.#options.httpPort,
      host: this.#options.isLan ? EVERY_ADDRESS : LOOPBACK,
      guard: this.#guard,
      relay: new Relay(dialer(this.#subject.broker)),
      api: (request, response, url) => api.answer(request, response, url),
    });
    this.#subject.flow?.listen((event) => this.#tellFlow(event));
    this.#every(FLUSH_INTERVAL_MS, () => this.#recorder.flush());
    this.#every(HOUSE_INTERVAL_MS, () => {
      if (this.#hub.isHeard('house')) this.#hub.sendState('house', this.#state());
    });
    this.#every(SIMULATOR_INTERVAL_MS, () => this.#tellSimulator());
    if (this.#options.publishesMeans) this.#publishMeans();
  }

  #services(): ApiServices {
    const rights = this.#subject.access?.rights;
    return {
      guard: this.#guard,
      hub: this.#hub,
      store: this.#store,
      house: this.#house,
      controls: this.#subject.controls,
      setLock: rights && ((isLocked) => this.#setLock(rights, isLocked)),
      addressSvg: () => (this.address === undefined ? undefined : renderSVG(this.address)),
      now,
      describe: (isLoggedIn, isHere) => this.#describe(isLoggedIn, isHere),
      startEvents: (streams) => this.#startEvents(streams),
      houseState: () => this.#state(),
      forget: (room) => this.#forget(room),
      command: (room, name, payload) => this.#publish(this.#topics.of(room, `command/${name}`), payload, false),
    };
  }

  #setLock(rights: Rights, isLocked: boolean): void {
    rights.isLocked = isLocked;
    this.#hub.announce('lock', { isLocked });
  }

  #every(intervalMs: number, task: () => void): void {
    this.#intervals.push(setInterval(task, intervalMs));
  }

  #state() {
    return this.#house.state(this.#recorder.counts);
  }

  #describe(isLoggedIn: boolean, isHere: boolean): Config {
    const { version, prefix, template, intervalSeconds, language, broker, flow, controls, access } = this.#subject;
    const { maps, windowSeconds, publishesMeans, dataDirectory, isLan } = this.#options;
    return {
      version,
      mqtt: { path: MQTT_PATH, needsLogin: broker.login !== undefined, broker: broker.shownUrl },
      needsLogin: !isLoggedIn,
      prefix,
      template,
      maps,
      intervalSeconds,
      windowSeconds,
      publishesMeans,
      canBreak: controls !== undefined && isHere,
      hasBrokerEvents: flow !== undefined,
      isLan,
      needsKey: this.#guard.needsKey,
      isLocked: access?.rights?.isLocked ?? false,
      keepsData: dataDirectory !== undefined,
      language,
      address: this.address ?? null,
    };
  }

  #startEvents(streams: ReadonlySet<StreamName>): string[] {
    const { controls, flow } = this.#subject;
    return [
      ...(streams.has('house') ? [encodeEvent('house', this.#state())] : []),
      ...(streams.has('simulator') && controls ? [encodeEvent('simulator', controls.state())] : []),
      ...(streams.has('broker') && flow ? [encodeEvent('clients', flow.snapshot())] : []),
    ];
  }

  #tellRecorded(readings: readonly NewReading[]): void {
    this.#house.add(readings);
    this.#hub.addReadings(readings.map(toRecorded));
  }

  #tellFlow(event: BrokerEvent): void {
    if (this.#hub.isHeard('broker')) this.#hub.addBrokerEvent(event);
  }

  /** The virtual rooms, where something has changed. */
  #tellSimulator(): void {
    const { controls } = this.#subject;
    if (!controls || !this.#hub.isHeard('simulator')) return;
    const state = controls.state();
    const text = JSON.stringify(state);
    if (text === this.#simulatorShown) return;
    this.#simulatorShown = text;
    this.#hub.sendState('simulator', state);
  }

  async #forget(room: string): Promise<void> {
    for (const topic of retainedTopics(this.#topics, room)) await this.#publish(topic, '', true);
    this.#store.forget(room);
    this.#house.forget(room);
    this.#hub.announce('forgotten', { room });
  }

  async #publish(topic: string, payload: string, retain: boolean): Promise<void> {
    try {
      await this.#subscription.publish(topic, payload, { qos: 1, retain });
    } catch (error) {
      throw new ControlError(`It could not be published: ${(error as Error).message}.`);
    }
  }

  #publishMeans(): void {
    this.#stopMeans = startMeansPublisher({
      prefix: this.#subject.prefix,
      topicOf: (room) => this.#topics.of(room, 'mean'),
      state: () => this.#state(),
      publish: (topic, payload) => this.#subscription.publish(topic, payload, { qos: 0, retain: false }),
    });
  }
}

function toRecorded({ room, identity, time, isLate, temperature, humidity }: NewReading): RecordedReading {
  const { station = null, boot = null, seq = null } = identity ?? {};
  return { room, station, boot, seq, time, temperature, humidity, isBackfilled: isLate };
}

function now(): number {
  return Date.now() / 1000;
}

/** Epoch seconds of the local midnight before `time`. */
function startOfDay(time: number): number {
  return new Date(time * 1000).setHours(0, 0, 0, 0) / 1000;
}
