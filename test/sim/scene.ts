// One station, one broker and what lies between them, in one world: puts the firmware's own modules on simulated ports, and
// writes down what happens.

import { simulatedCapture } from '../../firmware/platform/simulated/capture.js';
import { Climate, type ClimateSample } from '../../firmware/platform/simulated/climate.js';
import type { EdgeCapture, EdgeCaptureConstructor, EdgeCaptureOptions, Resolver, TimerPort } from '../../firmware/ports.js';
import { parseSettings, type Settings } from '../../firmware/station/settings.js';
import type { Station } from '../../firmware/station/station.js';
import type { WifiFailure } from '../../firmware/station/wifi-supervisor.js';
import { Machine } from '../../host-sim/machine.js';
import { MOSQUITTO, ModelBroker, type Quirks } from '../model/broker.js';
import type { LinkEvent, Measured, RunLog, WireEvent } from './log.js';
import { type Peer, SimulatedNetwork } from './tcp.js';
import type { World, WorldEvent } from './world.js';

/** 2025-11-23: when every run begins. */
export const START_EPOCH_SECONDS = 1_763_858_312;

export const ROOM = 'salon';
export const STATION = 'a4cf12f0a1b2';
const BROKER_PORT = 1883;
const BROKER_ADDRESS = '192.0.2.10';
/** The network of the room, and what its access point wants to hear. */
export const WIFI = Object.freeze({ wifi: 'classe', wifiPassword: 'correct horse' });
const STATION_ADDRESS = '192.0.2.20';
const WIFI_STEP_MS = 5;
const CLOCK_INTERVAL_MS = 60_000;

/** Longest delay that timers of 32 bits can wait. */
const TIMER_MAXIMUM_MS = 0x7fff_ffff;

export interface SceneOptions {
  /** Over the defaults of the firmware. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly quirks?: Quirks;
  /** Whether the machine knows the time from the start. */
  readonly knowsTime?: boolean;
  /** Whether the broker's host tells the time each minute. */
  readonly hostTellsTime?: boolean;
  /** What the uptime shows at the start. */
  readonly uptimeAtStartMs?: number;
  /** How long each step takes that leads into a Wi-Fi. */
  readonly wifiStepMs?: number;
}

/** What is wrong with the sensor. */
export type SensorFault = 'none' | 'no-answer' | 'stuck' | 'noise';

/** How the resolver behaves. */
export type ResolverMode = 'answers' | 'fails' | 'is-silent';

export class Scene {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly broker: ModelBroker;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly wire: WireEvent[] = [];
  readonly measured: Measured[] = [];
  readonly acknowledged: number[] = [];
  readonly link: LinkEvent[] = [];
  readonly wifiFailures: WifiFailure[] = [];
  isClosed = false;
  /** The firmware hangs. */
  isFrozen = false;
  sensorFault: SensorFault = 'none';
  resolverMode: ResolverMode = 'answers';
  knowsTime: boolean;
  readonly #options: SceneOptions;
  readonly #uptimeAtStartMs: number;
  readonly #peers = new Set<Peer>();
  #isHung = false;
  /** How many reasons there are that nobody can connect to the broker, or reach it at all. */
  #closedDoors = 0;
  #deafness = 0;

  constructor(world: World, options: SceneOptions = {}) {
    this.world = world;
    this.#options = options;
    this.#uptimeAtStartMs = options.uptimeAtStartMs ?? 0;
    this.knowsTime = options.knowsTime ?? true;
    this.settings = parseSettings({ room: ROOM, broker: 'mqtt://broker.test', ...WIFI, ...options.settings });
    this.network = new SimulatedNetwork(world);
    this.broker = this.#createBroker(options.quirks ?? MOSQUITTO);
    this.machine = this.#createMachine();
    this.machine.air.accessPoints.set(WIFI.wifi, { password: WIFI.wifiPassword, givesAddress: true });
    this.#openDoor();
    if (options.hostTellsTime) this.#tellTime();
  }

  start(): void {
    this.machine.start();
  }

  /** The station that runs now: a restart makes a new one. */
  get station(): Station {
    return this.machine.board.station;
  }

  /** Lets `durationMs` pass. */
  run(durationMs: number): void {
    this.world.run(this.world.nowMs + durationMs);
  }

  /** Lets time pass until `isOver`; throws where that takes longer than `limitMs`. */
  runUntil(isOver: () => boolean, limitMs: number, what: string): void {
    if (!this.world.runUntil(isOver, this.world.nowMs + limitMs)) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
  }

  get uptimeMs(): number {
    return this.#uptimeAtStartMs + this.world.nowMs;
  }

  get epochSeconds(): number {
    return START_EPOCH_SECONDS + Math.floor(this.world.nowMs / 1000);
  }

  get log(): RunLog {
    const { wire, measured, acknowledged, link, settings, station } = this;
    return {
      settings,
      room: ROOM,
      boot: station.boot,
      epochAtStartSeconds: START_EPOCH_SECONDS - this.#uptimeAtStartMs / 1000,
      knowsTime: this.#options.knowsTime ?? true,
      wire,
      measured,
      acknowledged,
      link,
      counts: {
        measured: station.measuredCount,
        dropped: station.droppedCount,
        buffered: station.bufferedCount,
        reconnects: station.reconnectCount,
      },
      retained: this.broker.retained,
      misuses: this.network.misuses,
    };
  }

  // --- What can be done to it ---------------------------------------------------------------------------------------

  networkUp(): void {
    this.machine.air.isOn = true;
  }

  /** The access point is gone: the radio sees it, and nobody else. */
  networkDown(): void {
    this.network.sever();
    this.machine.air.isOn = false;
  }

  /** Nobody is answered any more; calls add up. */
  deafen(): void {
    this.#deafness++;
    this.network.conditions.isDeaf = true;
  }

  undeafen(): void {
    this.#deafness--;
    this.network.conditions.isDeaf = this.#deafness > 0;
  }

  /** New connections are refused; calls add up. */
  closeDoor(): void {
    this.#closedDoors++;
    this.network.refuse(BROKER_PORT);
  }

  openDoor(): void {
    this.#closedDoors--;
    if (this.#closedDoors === 0) this.#openDoor();
  }

  /** The broker takes no bytes in, and goes on where it was afterwards. */
  hang(): void {
    this.#isHung = true;
    for (const peer of this.#peers) peer.pause();
  }

  unhang(): void {
    this.#isHung = false;
    for (const peer of [...this.#peers]) peer.resume();
  }

  // --- Parts --------------------------------------------------------------------------------------------------------

  #openDoor(): void {
    this.network.listen(BROKER_PORT, (peer) => {
      const connection = this.broker.accept({ send: (bytes) => peer.send(bytes), close: () => peer.end() });
      this.#peers.add(peer);
      if (this.#isHung) peer.pause();
      peer.onBytes = (bytes) => connection.receive(bytes);
      peer.onClose = () => {
        this.#peers.delete(peer);
        connection.closed();
      };
    });
  }

  #tellTime(): void {
    this.broker.publish({ topic: `${this.settings.prefix}/clock`, payload: String(this.epochSeconds), retain: false });
    this.world.after(CLOCK_INTERVAL_MS, () => this.#tellTime());
  }

  #createBroker(quirks: Quirks): ModelBroker {
    const { world, wire } = this;
    const machine = {
      nowMs: () => world.nowMs,
      after: (delayMs: number, run: () => void) => {
        const event = world.after(delayMs, run);
        return () => event.cancel();
      },
    };
    return new ModelBroker(machine, quirks, {
      onConnect: (connection, packet, sessionPresent) =>
        wire.push({ kind: 'connect', atMs: world.nowMs, connection, packet, sessionPresent }),
      onPublish: (connection, packet) => wire.push({ kind: 'publish', atMs: world.nowMs, connection, packet }),
      onAcknowledge: (connection, packetId, reasonCode) =>
        wire.push({ kind: 'acknowledge', atMs: world.nowMs, connection, packetId, reasonCode }),
      onClose: (connection) => wire.push({ kind: 'close', atMs: world.nowMs, connection }),
      onViolation: (what) => {
        throw new Error(`the station broke the protocol: ${what}`);
      },
    });
  }

  #createMachine(): Machine {
    const { world, settings } = this;
    const uptime = () => this.uptimeMs;
    const hardwareTimer = timerOf(world);
    const timer = this.#freezable(hardwareTimer);
    const climate = new SlotClimate(settings.interval, this.#uptimeAtStartMs);
    return new Machine({
      builtIn: { ...settings },
      identity: { station: STATION, board: 'simulated', firmware: '0.0.0', sensor: 'DHT22' },
      ports: {
        timer,
        wallClock: () => (this.knowsTime ? START_EPOCH_SECONDS + world.nowMs / 1000 : undefined),
        random: () => world.random(),
        tcp: this.network.tcp,
        resolver: this.#createResolver(),
        capture: this.#createCapture(simulatedCapture({ timer, uptime, climate })),
      },
      timer: hardwareTimer,
      startUptime: () => this.#startUptime(),
      wifiStepMs: this.#options.wifiStepMs ?? WIFI_STEP_MS,
      address: STATION_ADDRESS,
      observer: {
        onReading: ({ seq, temperatureTenths, humidityTenths }) => {
          const uptimeSeconds = Math.round(this.uptimeMs / 1000);
          this.measured.push({ atMs: world.nowMs, seq, uptimeSeconds, temperatureTenths, humidityTenths });
        },
        onAcknowledged: (seq) => this.acknowledged.push(seq),
        onLinkUp: () => this.link.push({ kind: 'up', atMs: world.nowMs }),
        onLinkDown: (failure, reasonCode) => this.link.push({ kind: 'down', atMs: world.nowMs, failure, reasonCode }),
        onSensorFault: () => {},
        onSubscriptionRefused: () => {},
        onWifiUp: () => this.link.push({ kind: 'network-up', atMs: world.nowMs }),
        onWifiFailure: (failure) => this.wifiFailures.push(failure),
        onSettingsConfirmed: () => {},
        onSettingsRejected: () => {},
        onClosed: () => {
          this.isClosed = true;
        },
      },
      onGone: () => {
        this.isFrozen = false;
      },
    });
  }

  /** Timers of the firmware: none fires while it hangs, and a restart makes new ones. */
  #freezable(timer: TimerPort): TimerPort {
    return {
      set: (callback, delayMs) => timer.set(() => this.isFrozen || callback(), delayMs),
      clear: (handle) => timer.clear(handle),
    };
  }

  /** The uptime of a start: only the first one begins where the options say. */
  #startUptime(): () => number {
    const startedAtMs = this.world.nowMs;
    const uptimeAtStartMs = startedAtMs === 0 ? this.#uptimeAtStartMs : 0;
    return () => uptimeAtStartMs + this.world.nowMs - startedAtMs;
  }

  #createResolver(): Resolver {
    return {
      resolve: ({ host, onResolved, onError }) => {
        this.link.push({ kind: 'try', atMs: this.world.nowMs });
        if (this.resolverMode === 'is-silent') return;
        const isFailing = this.resolverMode === 'fails';
        this.world.at(this.network.arrivalMs(), () => (isFailing ? onError(host) : onResolved(host, BROKER_ADDRESS)));
      },
    };
  }

  /** The simulated sensor, with the faults of this scene. */
  #createCapture(Sound: EdgeCaptureConstructor): EdgeCaptureConstructor {
    const scene = this;
    return class FaultyCapture implements EdgeCapture {
      readonly #sound: EdgeCapture;

      constructor(options: EdgeCaptureOptions) {
        this.#sound = new Sound({ ...options, onEdges: (edgeCount) => this.#answer(options, edgeCount) });
      }

      start(): void {
        this.#sound.start();
      }

      close(): void {
        this.#sound.close();
      }

      #answer(options: EdgeCaptureOptions, edgeCount: number): void {
        if (scene.sensorFault === 'stuck') return;
        if (scene.sensorFault === 'no-answer') return options.onEdges(0);
        // Some edges are lost. Not a few in the middle: one such frame in 256 has a right checksum and a wrong value.
        if (scene.sensorFault === 'noise') return options.onEdges(edgeCount - scene.world.between(2, edgeCount - 2));
        options.onEdges(edgeCount);
      }
    };
  }
}

/** How many temperatures a DHT22 can tell apart: -40.0 to 80.0 °C. */
const TEMPERATURES = 1201;
/** Humidities, one apart: 0.0 to 99.9 %RH. */
const HUMIDITIES = 1000;

/** A climate in which each value says when it was measured: it rises by 0.1 from one interval to the next, and begins again. */
class SlotClimate extends Climate {
  readonly #intervalSeconds: number;
  readonly #startSeconds: number;

  constructor(intervalSeconds: number, uptimeAtStartMs: number) {
    super(0, ROOM);
    this.#intervalSeconds = intervalSeconds;
    this.#startSeconds = uptimeAtStartMs / 1000;
  }

  override at(elapsedSeconds: number): ClimateSample {
    const slot = Math.floor((elapsedSeconds - this.#startSeconds) / this.#intervalSeconds);
    return { temperatureTenths: (slot % TEMPERATURES) - 400, humidityTenths: (7 * slot) % HUMIDITIES };
  }
}

/** Timers of 32 bits, as boards and Node have them. */
function timerOf(world: World): TimerPort {
  return {
    set: (callback, delayMs) => {
      if (!(delayMs >= 0 && delayMs <= TIMER_MAXIMUM_MS)) throw new RangeError(`a timer cannot wait ${delayMs} ms`);
      return world.after(delayMs, callback);
    },
    clear: (event) => (event as WorldEvent).cancel(),
  };
}
