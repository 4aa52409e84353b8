// A virtual board: the firmware's own station on simulated ports, with a Wi-Fi that can be cut.

import { simulatedCapture } from '../firmware/platform/simulated/capture.js';
import { Climate } from '../firmware/platform/simulated/climate.js';
import type { Settings } from '../firmware/station/settings.js';
import { type LinkFailure, type Reading, Station } from '../firmware/station/station.js';
import type { Transports } from '../firmware/station/transport.js';
import { random, resolver, startUptime, timer, wallClock } from './ports/node-ports.js';

/** Version of the firmware that the virtual boards run: the project's. */
export const FIRMWARE_VERSION = '0.1.0';

/** A reading as this computer saw it being measured. */
export interface MeasuredReading extends Reading {
  /** Milliseconds of `performance.now()`. */
  readonly measuredAtMs: number;
}

/** What a board reports of itself. */
export interface DeviceObserver {
  onReading(device: VirtualDevice, reading: MeasuredReading): void;
  onAcknowledged(device: VirtualDevice, reading: MeasuredReading): void;
  onLinkUp(device: VirtualDevice): void;
  /** The link went down, or a try to bring it up failed: `wasUp` tells which. */
  onLinkDown(device: VirtualDevice, failure: LinkFailure, returnCode: number, wasUp: boolean): void;
}

export class VirtualDevice {
  readonly station: Station;
  readonly #observer: DeviceObserver;
  readonly #uptime = startUptime();
  /** Readings that are buffered in the station, by seq. */
  readonly #buffered = new Map<number, MeasuredReading>();
  readonly #closed: Promise<void>;
  #wifiIsUp = true;
  #wasUp = false;
  #sensorFaultCount = 0;
  #acknowledgedCount = 0;

  /**
   * @param id the station: 12 hex digits
   * @param seed chooses the climate, together with the room
   * @param transports the ways to the broker
   */
  constructor(settings: Settings, id: string, seed: number, observer: DeviceObserver, transports: Transports) {
    this.#observer = observer;
    let onClosed = () => {};
    this.#closed = new Promise((resolve) => {
      onClosed = resolve;
    });
    const uptime = this.#uptime;
    const climate = new Climate(seed, settings.room);
    this.station = new Station({
      settings,
      identity: { station: id, board: 'simulator', firmware: FIRMWARE_VERSION, sensor: 'DHT22 (simulated)' },
      ports: {
        uptime,
        wallClock,
        random,
        timer,
        resolver,
        ...transports,
        capture: simulatedCapture({ timer, uptime, climate }),
        address: () => '127.0.0.1',
      },
      observer: {
        onReading: (reading) => this.#onReading(reading),
        onAcknowledged: (seq) => this.#onAcknowledged(seq),
        onLinkUp: () => this.#onLinkUp(),
        onLinkDown: (failure, returnCode) => this.#onLinkDown(failure, returnCode),
        onSensorFault: () => {
          this.#sensorFaultCount++;
        },
        // A broker that keeps a station from its clock and status topics keeps no reading from being delivered.
        onSubscriptionRefused: () => {},
        onClosed,
      },
    });
  }

  get room(): string {
    return this.station.room;
  }

  get wifiIsUp(): boolean {
    return this.#wifiIsUp;
  }

  /** Failed reads of the sensor. */
  get sensorFaultCount(): number {
    return this.#sensorFaultCount;
  }

  /** Readings that the broker has acknowledged on every stream. */
  get acknowledgedCount(): number {
    return this.#acknowledgedCount;
  }

  start(): void {
    this.station.start();
    this.station.networkUp();
  }

  cutWifi(): void {
    this.#wifiIsUp = false;
    this.station.networkDown();
  }

  restoreWifi(): void {
    this.#wifiIsUp = true;
    this.station.networkUp();
  }

  /** Stops measuring, delivers what is buffered and says `offline`; resolves when that is done, or `abort` was called. */
  shutDown(): Promise<void> {
    this.station.shutDown();
    return this.#closed;
  }

  abort(): void {
    this.station.abort();
  }

  #onReading(reading: Reading): void {
    const measured = { ...reading, measuredAtMs: performance.now() };
    this.#buffered.set(reading.seq, measured);
    // What overflow took from the station is forgotten here too: the map holds what the spool holds.
    while (this.#buffered.size > this.station.bufferedCount) this.#buffered.delete(this.#buffered.keys().next().value as number);
    this.#observer.onReading(this, measured);
  }

  #onAcknowledged(seq: number): void {
    const reading = this.#buffered.get(seq);
    if (!reading) return;
    this.#buffered.delete(seq);
    this.#acknowledgedCount++;
    this.#observer.onAcknowledged(this, reading);
  }

  #onLinkUp(): void {
    this.#wasUp = true;
    this.#observer.onLinkUp(this);
  }

  #onLinkDown(failure: LinkFailure, returnCode: number): void {
    const wasUp = this.#wasUp;
    this.#wasUp = false;
    this.#observer.onLinkDown(this, failure, returnCode, wasUp);
  }
}
