// The house: virtual boards, the broker inside or elsewhere, and the clock. Starts them, lets them be cut, tells what they do,
// and ends them so that nothing is lost.

import type { LinkFailure } from '../firmware/station/station.js';
import { EmbeddedBroker } from './broker.js';
import { startClock, startRemoteClock } from './clock.js';
import { type DeviceObserver, type MeasuredReading, VirtualDevice } from './device.js';
import { installationId, stationId } from './installation.js';
import { meanOfMeans, RoomMean } from './means.js';
import type { SimulatorOptions } from './options/options.js';
import { random } from './ports/node-ports.js';
import { nodeTransports } from './ports/node-transports.js';
import { describeRefusal } from './refusal.js';
import type { Reporter, Summary } from './reporter.js';
import { SerialCable } from './serial-cable.js';
import type { UserError } from './user-error.js';
import type { HouseControls, RoomSnapshot, Snapshot } from './view/snapshot.js';

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
    const seed = options.seed ?? random();
    const installation = installationId();
    const settings = { ...options.settings, broker: broker?.url ?? options.settings.broker };
    const transports = nodeTransports(broker?.credentials ?? options.credentials);
    const names = options.rooms.length > 0 ? options.rooms : [''];
    this.#rooms = names.map((room, index) => ({
      device: new VirtualDevice(
        { ...settings, room },
        stationId(installation, room),
        seed,
        this,
        transports,
        index === 0 ? serialCable?.serial : undefined,
      ),
      mean: new RoomMean(settings.interval),
    }));
  }

  /** Starts everything. Throws `UserError` where a port of the embedded broker cannot be had. */
  static async start(options: SimulatorOptions, reporter: Reporter): Promise<Simulation> {
    const broker = options.embedded && (await EmbeddedBroker.start(options.embedded));
    try {
      const serialCable = options.serialPort === undefined ? undefined : await SerialCable.open(options.serialPort);
      const simulation = new Simulation(options, reporter, broker, serialCable);
      simulation.#run();
      return simulation;
    } catch (error) {
      await broker?.close();
      throw error;
    }
  }

  #run(): void {
    const { settings, publishesClock } = this.#options;
    const broker = this.#broker;
    this.#reporter.ready({
      mqttPort: broker?.ports.mqttPort ?? null,
      wsPort: broker?.ports.wsPort ?? null,
      mqttsPort: broker?.ports.mqttsPort ?? null,
      wssPort: broker?.ports.wssPort ?? null,
      serialPort: this.#serialCable?.port ?? null,
      broker: broker?.url ?? settings.broker,
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

  #toggleWifi(name: string): void {
    const device = this.#rooms.find(({ device }) => device.room === name)?.device;
    if (!device || this.#isEnding) return;
    if (device.wifiIsUp) device.cutWifi();
    else device.restoreWifi();
  }

  #toggleBroker(): void {
    const broker = this.#broker;
    if (!broker || this.#isEnding) return;
    // A port that was taken meanwhile leaves the broker cut, as the view shows; the key tries again.
    this.#brokerSwitch = this.#brokerSwitch.then(() => (broker.isUp ? broker.cut() : broker.restore())).catch(() => {});
  }

  // --- State --------------------------------------------------------------------------------------------------------

  snapshot(): Snapshot {
    const nowMs = performance.now();
    const rooms = this.#rooms.map((room) => this.#snapshotRoom(room, nowMs));
    const heard = rooms.filter(({ isSilent, mean }) => !isSilent && mean !== undefined);
    const broker = this.#broker;
    return {
      broker: {
        url: broker?.url ?? this.#options.settings.broker,
        wsPort: broker?.ports.wsPort,
        isEmbedded: broker !== undefined,
        isUp: broker?.isUp ?? true,
        droppedForAbsent: broker?.droppedCount ?? 0,
      },
      elapsedSeconds: Math.floor((nowMs - this.#startedAtMs) / 1000),
      intervalSeconds: this.#options.settings.interval,
      rooms,
      house: meanOfMeans(heard.flatMap(({ mean }) => mean ?? [])),
      isEnding: this.#isEnding,
    };
  }

  #snapshotRoom({ device, mean }: Room, nowMs: number): RoomSnapshot {
    const { station } = device;
    const { newest } = mean;
    return {
      room: device.room,
      link: device.wifiIsUp ? (station.isOnline ? 'online' : 'connecting') : 'wifi-cut',
      newest: newest && {
        temperature: newest.temperatureTenths / 10,
        humidity: newest.humidityTenths / 10,
        ageSeconds: Math.floor((nowMs - newest.measuredAtMs) / 1000),
      },
      mean: mean.mean(nowMs),
      isSilent: mean.isSilent(nowMs),
      buffered: station.bufferedCount,
      acknowledged: device.acknowledgedCount,
      dropped: device.droppedCount,
      sensorFaults: device.sensorFaultCount,
      reconnects: device.reconnectCount,
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
