// A virtual board on this computer: the firmware's own Board on simulated hardware, with what was measured and delivered over all
// of its restarts.

import { simulatedCapture } from '../firmware/platform/simulated/capture.js';
import type { Climate } from '../firmware/platform/simulated/climate.js';
import type { SerialConstructor } from '../firmware/ports.js';
import type { Board } from '../firmware/station/board.js';
import type { Settings } from '../firmware/station/settings.js';
import type { LinkFailure, Reading, Station } from '../firmware/station/station.js';
import type { Transports } from '../firmware/station/transport.js';
import { Machine } from './machine.js';
import { random, resolver, startUptime, timer, wallClock } from './ports/node-ports.js';
import { unpluggable } from './ports/unpluggable.js';

/** Version of the firmware that the virtual boards run: the project's. */
export const FIRMWARE_VERSION = '0.1.0';

/** The network of virtual boards for which no other is set. */
const HOUSE_NETWORK = 'maison';

/** Virtual networks are joined at once: nobody waits for a radio that there is not. */
const WIFI_STEP_MS = 10;

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
  /** While it is not, the sensor does not answer. */
  sensorIsPlugged = true;
  readonly #observer: DeviceObserver;
  readonly #machine: Machine;
  /** Readings that are buffered in the station, by seq. */
  readonly #buffered = new Map<number, MeasuredReading>();
  readonly #closed: Promise<void>;
  #onClosed = () => {};
  #wasUp = false;
  #sensorFaultCount = 0;
  #acknowledgedCount = 0;
  /** Counts of the starts before this one. */
  readonly #earlier = { measured: 0, dropped: 0, reconnects: 0 };

  /**
   * @param id the station: 12 hex digits
   * @param climate what the sensor measures
   * @param transports the ways to the broker
   * @param serial the board's serial line, if it has one
   */
  constructor(
    settings: Settings,
    id: string,
    climate: Climate,
    observer: DeviceObserver,
    transports: Transports,
    serial?: SerialConstructor,
  ) {
    this.#observer = observer;
    this.#closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
    const wifi = settings.wifi === '' ? HOUSE_NETWORK : settings.wifi;
    this.#machine = new Machine({
      builtIn: { ...settings, wifi },
      identity: { station: id, board: 'simulator', firmware: FIRMWARE_VERSION, sensor: 'DHT22 (simulated)' },
      ports: {
        ...{ wallClock, random, timer, resolver, ...transports },
        capture: unpluggable(simulatedCapture({ timer, uptime: startUptime(), climate }), () => this.sensorIsPlugged),
      },
      timer,
      startUptime,
      serial,
      wifiStepMs: WIFI_STEP_MS,
      address: '127.0.0.1',
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
        onWifiUp: () => {},
        onWifiFailure: () => {},
        onSettingsConfirmed: () => {},
        onSettingsRejected: () => {},
        onClosed: () => this.#onClosed(),
      },
      onGone: (board) => this.#onGone(board),
    });
    this.#machine.air.accessPoints.set(wifi, { password: settings.wifiPassword, givesAddress: true });
  }

  /** The station that runs now: a restart makes a new one. */
  get station(): Station {
    return this.#machine.board.station;
  }

  get room(): string {
    return this.station.room;
  }

  get wifiIsUp(): boolean {
    return this.#machine.air.isOn;
  }

  get ledIsLit(): boolean {
    return this.#machine.ledIsLit;
  }

  /** Failed reads of the sensor. */
  get sensorFaultCount(): number {
    return this.#sensorFaultCount;
  }

  /** Readings that the sensor gave. */
  get measuredCount(): number {
    return this.#earlier.measured + this.station.measuredCount;
  }

  /** Readings that the broker has acknowledged on every stream. */
  get acknowledgedCount(): number {
    return this.#acknowledgedCount;
  }

  /** Readings lost because a buffer was full, or its board restarted. */
  get droppedCount(): number {
    return this.#earlier.dropped + this.station.droppedCount;
  }

  /** Connections after the first one of each start. */
  get reconnectCount(): number {
    return this.#earlier.reconnects + this.station.reconnectCount;
  }

  start(): void {
    this.#machine.start();
  }

  cutWifi(): void {
    this.#machine.air.isOn = false;
  }

  restoreWifi(): void {
    this.#machine.air.isOn = true;
  }

  /** Pulls the power, and puts it back: what was buffered is lost. */
  powerCycle(): void {
    this.#machine.powerCycle();
  }

  /** Stops measuring, delivers what is buffered and says `offline`; resolves when that is done, or `abort` was called. */
  shutDown(): Promise<void> {
    this.#machine.shutDown();
    return this.#closed;
  }

  abort(): void {
    this.#machine.stop();
    this.#onClosed();
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

  #onGone({ station }: Board): void {
    this.#buffered.clear();
    this.#earlier.measured += station.measuredCount;
    this.#earlier.dropped += station.droppedCount + station.bufferedCount;
    this.#earlier.reconnects += station.reconnectCount;
  }
}
