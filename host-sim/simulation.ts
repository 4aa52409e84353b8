// The house: virtual boards, the broker inside or elsewhere, and the clock. Starts them, lets them be cut, tells what they do,
// and ends them so that nothing is lost.

import type { SerialConstructor } from '../firmware/ports.js';
import { SettingError } from '../firmware/station/settings.js';
import type { LinkFailure } from '../firmware/station/station.js';
import type { Transports } from '../firmware/station/transport.js';
import { type BrokerOptions, EmbeddedBroker } from './broker.js';
import { startClock, startRemoteClock } from './clock.js';
import { type DeviceObserver, type MeasuredReading, VirtualDevice } from './device.js';
import { installationId, stationId } from './installation.js';
import { meanOfMeans, RoomMean } from './means.js';
import type { SimulatorOptions } from './options/options.js';
import { ROOMS_MAXIMUM } from './options/rooms.js';
import type { BrokerRequest, SimulatorState } from './page/api.js';
import { ControlError, type SimulatorControls } from './page/controls.js';
import type { Page } from './page/page.js';
import { random } from './ports/node-ports.js';
import { nodeTransports } from './ports/node-transports.js';
import { describeRefusal } from './refusal.js';
import type { Reporter, Summary } from './reporter.js';
import { SerialCable } from './serial-cable.js';
import type { UserError } from './user-error.js';
import type { HouseControls, RoomLink, RoomSnapshot, Snapshot } from './view/snapshot.js';
import { Weather, WeatheredClimate } from './weather.js';

/** Rooms are switched on one after the other within this time, so that they do not all measure at the same moment. */
const STAGGER_MS = 2_000;

interface Room {
  readonly device: VirtualDevice;
  readonly mean: RoomMean;
}

export class Simulation implements DeviceObserver {
  readonly #options: SimulatorOptions;
  readonly #reporter: Reporter;
  readonly #broker: EmbeddedBroker | undefined;
  readonly #serialCable: SerialCable | undefined;
  readonly #rooms: Room[];
  readonly #startTimers: NodeJS.Timeout[] = [];
  readonly #startedAtMs = performance.now();
  readonly #installation = installationId();
  readonly #weather = new Weather(() => performance.now());
  readonly #seed: number;
  readonly #transports: Transports;
  #page: Pick<Page, 'port' | 'address'> | undefined;
  #stopClock = () => {};
  #wasEverUp = false;
  #isEnding = false;
  /** Cutting and restoring the broker, one after the other. */
  #brokerSwitch: Promise<void> = Promise.resolve();
  #refuse: (error: UserError) => void = () => {};

  /** Rejects where the broker elsewhere refuses before any room was connected. */
  readonly refused: Promise<never> = new Promise((_, reject) => {
    this.#refuse = reject;
  });

  private constructor(
    options: SimulatorOptions,
    reporter: Reporter,
    broker: EmbeddedBroker | undefined,
    serialCable: SerialCable | undefined,
  ) {
    this.#options = options;
    this.#reporter = reporter;
    this.#broker = broker;
    this.#serialCable = serialCable;
    this.#seed = options.seed ?? random();
    this.#transports = nodeTransports(broker?.credentials ?? options.credentials);
    const names = options.rooms.length > 0 ? options.rooms : [''];
    this.#rooms = names.map((room, index) => this.#createRoom(room, index === 0 ? serialCable?.serial : undefined));
  }

  /**
   * Starts the broker and makes the rooms, which begin with `run`. Throws `UserError` where a port of the broker cannot be had.
   * @param more what the embedded broker is told besides its options
   */
  static async prepare(options: SimulatorOptions, reporter: Reporter, more: Partial<BrokerOptions> = {}): Promise<Simulation> {
    const broker = options.embedded && (await EmbeddedBroker.start({ ...options.embedded, ...more }));
    try {
      const serialCable = options.serialPort === undefined ? undefined : await SerialCable.open(options.serialPort);
      return new Simulation(options, reporter, broker, serialCable);
    } catch (error) {
      await broker?.close();
      throw error;
    }
  }

  /** Ends what was prepared and will not run. */
  async abandon(): Promise<void> {
    await this.#serialCable?.close();
    await this.#broker?.close();
  }

  /** The embedded broker as this very process reaches it: without TLS; `undefined` with a broker elsewhere. */
  get embeddedUrl(): string | undefined {
    return this.#broker && `mqtt://127.0.0.1:${this.mqttPort}`;
  }

  /** URL of the broker in use, without login. */
  get brokerUrl(): string {
    return this.#broker?.url ?? this.#options.settings.broker;
  }

  /** The MQTT port of the embedded broker; `undefined` with a broker elsewhere. */
  get mqttPort(): number | undefined {
    return this.#broker?.ports.mqttPort;
  }

  /** Whether a client id is that of one of the rooms. */
  hasClient(clientId: string): boolean {
    return this.#rooms.some(({ device }) => clientId === `station-${device.station.identity.station}`);
  }

  /** @param page by which address it is reached: here, and in the network */
  run(page: Pick<Page, 'port' | 'address'> | undefined): void {
    this.#page = page;
    const { settings, publishesClock } = this.#options;
    const broker = this.#broker;
    this.#reporter.ready({
      mqttPort: broker?.ports.mqttPort ?? null,
      wsPort: broker?.ports.wsPort ?? null,
      mqttsPort: broker?.ports.mqttsPort ?? null,
      wssPort: broker?.ports.wssPort ?? null,
      serialPort: this.#serialCable?.port ?? null,
      broker: this.brokerUrl,
      httpPort: page?.port ?? null,
    });
    if (publishesClock) {
      this.#stopClock = broker
        ? startClock(settings, (topic, time) => broker.publishClock(topic, time))
        : startRemoteClock(settings, this.#options.credentials);
    }
    this.#rooms.forEach(({ device }, index) => {
      this.#startTimers.push(setTimeout(() => device.start(), (STAGGER_MS * index) / this.#rooms.length));
    });
  }

  /**
   * Ends the run: what was cut is restored, buffered readings are delivered, statuses go to `offline`. What is not delivered
   * within `limitMs`, or until `isHurried` resolves, stays undelivered and is counted.
   */
  async end(limitMs: number, isHurried: Promise<void>): Promise<Summary> {
    this.#isEnding = true;
    for (const startTimer of this.#startTimers) clearTimeout(startTimer);
    await this.#brokerSwitch;
    if (this.#broker && !this.#broker.isUp) await this.#broker.restore().catch(() => {});
    const closed = this.#rooms.map(({ device }) => {
      device.restoreWifi();
      return device.shutDown();
    });
    let timeLimit: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timeLimit = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(closed), limit, isHurried]);
    clearTimeout(timeLimit);
    for (const { device } of this.#rooms) device.abort();
    this.#stopClock();
    await this.#serialCable?.close();
    await this.#broker?.close();
    const summary = this.#summarize();
    this.#reporter.summary(summary);
    return summary;
  }

  // --- Controls -----------------------------------------------------------------------------------------------------

  controls(end: () => void): HouseControls {
    return {
      toggleWifi: (room) => this.#toggleWifi(room),
      toggleBroker: () => this.#toggleBroker(),
      end,
    };
  }

  /** What the page can do; see `SimulatorControls`. */
  readonly pageControls: SimulatorControls = {
    state: () => this.#describe(),
    setWifi: (room, { isUp }) => switchWifi(this.#roomNamed(room).device, isUp),
    setSensor: (room, { isPlugged }) => {
      this.#roomNamed(room).device.sensorIsPlugged = isPlugged;
    },
    pullPower: (room) => this.#roomNamed(room).device.powerCycle(),
    addRoom: ({ room }) => this.#addRoom(room),
    setBroker: (request) => this.#setBroker(request),
    setWeather: (weather) => this.#weather.set(weather),
  };

  #toggleWifi(name: string): void {
    const device = this.#rooms.find(({ device }) => device.room === name)?.device;
    if (device && !this.#isEnding) switchWifi(device, !device.wifiIsUp);
  }

  #toggleBroker(): void {
    if (!this.#broker || this.#isEnding) return;
    // A port that was taken meanwhile leaves the broker cut, as the view shows; the key tries again.
    this.#setBroker({ isUp: !this.#broker.isUp }).catch(() => {});
  }

  async #setBroker({ isUp, keepsSessions }: BrokerRequest): Promise<void> {
    const broker = this.#broker;
    if (!broker || this.#isEnding) throw new ControlError('The broker is elsewhere, or the simulator ends.');
    const switched = this.#brokerSwitch.then(async () => {
      if (isUp === broker.isUp) return;
      await (isUp ? broker.restore() : broker.cut(keepsSessions));
    });
    this.#brokerSwitch = switched.catch(() => {});
    await switched.catch((error: Error) => {
      throw new ControlError(error.message);
    });
  }

  #addRoom(name: string): void {
    if (this.#rooms.some(({ device }) => device.room === name)) throw new ControlError('There is a room of this name.');
    if (this.#rooms.length >= ROOMS_MAXIMUM || this.#isEnding) throw new ControlError('There is no place for another room.');
    const room = this.#tryToCreateRoom(name);
    this.#rooms.push(room);
    room.device.start();
  }

  #tryToCreateRoom(name: string): Room {
    try {
      return this.#createRoom(name);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw new ControlError(`There can be no such room: ${error.message}.`);
    }
  }

  #createRoom(name: string, serial?: SerialConstructor): Room {
    const settings = { ...this.#options.settings, broker: this.brokerUrl, room: name };
    const id = stationId(this.#installation, name);
    const climate = new WeatheredClimate(this.#seed, name, this.#weather);
    return {
      device: new VirtualDevice(settings, id, climate, this, this.#transports, serial),
      mean: new RoomMean(settings.interval),
    };
  }

  #roomNamed(name: string): Room {
    const room = this.#rooms.find(({ device }) => device.room === name);
    if (!room || this.#isEnding) throw new ControlError('There is no virtual room of this name.');
    return room;
  }

  // --- State --------------------------------------------------------------------------------------------------------

  snapshot(): Snapshot {
    const nowMs = performance.now();
    const rooms = this.#rooms.map((room) => this.#snapshotRoom(room, nowMs));
    const heard = rooms.filter(({ isSilent, mean }) => !isSilent && mean !== undefined);
    const broker = this.#broker;
    return {
      broker: {
        url: this.brokerUrl,
        wsPort: broker?.ports.wsPort,
        isEmbedded: broker !== undefined,
        isUp: broker?.isUp ?? true,
        droppedForAbsent: broker?.droppedCount ?? 0,
      },
      page: this.#page && (this.#page.address ?? `http://127.0.0.1:${this.#page.port}`),
      elapsedSeconds: Math.floor((nowMs - this.#startedAtMs) / 1000),
      intervalSeconds: this.#options.settings.interval,
      rooms,
      house: meanOfMeans(heard.flatMap(({ mean }) => mean ?? [])),
      isEnding: this.#isEnding,
    };
  }

  /** The house as the page sees it. */
  #describe(): SimulatorState {
    return {
      broker: { isEmbedded: this.#broker !== undefined, isUp: this.#broker?.isUp ?? true },
      weather: this.#weather.target,
      rooms: this.#rooms.map(({ device }) => ({
        room: device.room,
        station: device.station.identity.station,
        link: linkOf(device),
        isSensorPlugged: device.sensorIsPlugged,
        ...countsOf(device),
      })),
    };
  }

  #snapshotRoom({ device, mean }: Room, nowMs: number): RoomSnapshot {
    const { newest } = mean;
    return {
      room: device.room,
      link: linkOf(device),
      newest: newest && {
        temperature: newest.temperatureTenths / 10,
        humidity: newest.humidityTenths / 10,
        ageSeconds: Math.floor((nowMs - newest.measuredAtMs) / 1000),
      },
      mean: mean.mean(nowMs),
      isSilent: mean.isSilent(nowMs),
      ...countsOf(device),
    };
  }

  #summarize(): Summary {
    const sum = (count: (device: VirtualDevice) => number) => this.#rooms.reduce((total, { device }) => total + count(device), 0);
    return {
      measured: sum(({ measuredCount }) => measuredCount),
      acknowledged: sum(({ acknowledgedCount }) => acknowledgedCount),
      dropped: sum(({ droppedCount }) => droppedCount),
      buffered: sum(({ station }) => station.bufferedCount),
      reconnects: sum(({ reconnectCount }) => reconnectCount),
    };
  }

  // --- What the boards report ---------------------------------------------------------------------------------------

  onReading(device: VirtualDevice, reading: MeasuredReading): void {
    this.#reporter.reading({
      room: device.room,
      station: device.station.identity.station,
      boot: device.station.boot,
      seq: reading.seq,
      time: reading.time ?? null,
      temperature: reading.temperatureTenths / 10,
      humidity: reading.humidityTenths / 10,
    });
  }

  onAcknowledged(device: VirtualDevice, reading: MeasuredReading): void {
    this.#rooms.find((room) => room.device === device)?.mean.add(reading);
    this.#reporter.acknowledged({ room: device.room, boot: device.station.boot, seq: reading.seq });
  }

  onLinkUp(device: VirtualDevice): void {
    this.#wasEverUp = true;
    this.#reporter.link({ room: device.room, state: 'up' });
  }

  onLinkDown(device: VirtualDevice, failure: LinkFailure, reasonCode: number, wasUp: boolean): void {
    if (wasUp) this.#reporter.link({ room: device.room, state: 'down' });
    // The next attempt speaks another version.
    else if (device.station.willTryOtherVersion) return;
    else if (!this.#wasEverUp && !this.#isEnding && !this.#broker) {
      this.#refuse(describeRefusal(this.#options.settings.broker, failure, reasonCode));
    }
  }
}

function switchWifi(device: VirtualDevice, isUp: boolean): void {
  if (isUp === device.wifiIsUp) return;
  if (isUp) device.restoreWifi();
  else device.cutWifi();
}

function countsOf({ station, acknowledgedCount, droppedCount, sensorFaultCount, reconnectCount }: VirtualDevice) {
  return {
    buffered: station.bufferedCount,
    acknowledged: acknowledgedCount,
    dropped: droppedCount,
    sensorFaults: sensorFaultCount,
    reconnects: reconnectCount,
  };
}

function linkOf(device: VirtualDevice): RoomLink {
  if (!device.wifiIsUp) return 'wifi-cut';
  return device.station.isOnline ? 'online' : 'connecting';
}
