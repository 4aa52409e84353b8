// A virtual room: its board, which may lose its power and start again, its mean, and what all its boards together have done.

import type { VirtualDevice } from './device.js';
import { RoomMean } from './means.js';
import type { Summary } from './reporter.js';

/** Makes the room's board. @param startSeconds how long the room has been there */
export type DeviceFactory = (startSeconds: number) => VirtualDevice;

export const NOTHING_DONE: Summary = { measured: 0, acknowledged: 0, dropped: 0, buffered: 0, reconnects: 0 };

export class VirtualRoom {
  readonly mean: RoomMean;
  readonly #create: DeviceFactory;
  readonly #createdAtMs = performance.now();
  #device: VirtualDevice;
  #earlier = NOTHING_DONE;
  #earlierFaults = 0;

  constructor(create: DeviceFactory, intervalSeconds: number) {
    this.#create = create;
    this.#device = create(0);
    this.mean = new RoomMean(intervalSeconds);
  }

  get device(): VirtualDevice {
    return this.#device;
  }

  /** Failed reads of the sensor. */
  get sensorFaultCount(): number {
    return this.#earlierFaults + this.#device.sensorFaultCount;
  }

  /** What all boards of the room have done. */
  get total(): Summary {
    return addSummaries(this.#earlier, summaryOf(this.#device));
  }

  /** The board is gone without a word, with what it had in memory, and another one starts. */
  pullPower(): void {
    const { buffered, dropped, ...rest } = summaryOf(this.#device);
    this.#earlier = addSummaries(this.#earlier, { ...rest, dropped: dropped + buffered, buffered: 0 });
    this.#earlierFaults += this.#device.sensorFaultCount;
    const { wifiIsUp, sensorIsPlugged } = this.#device;
    this.#device.abort();
    this.#device = this.#create(Math.floor((performance.now() - this.#createdAtMs) / 1000));
    this.#device.sensorIsPlugged = sensorIsPlugged;
    this.#device.start();
    if (!wifiIsUp) this.#device.cutWifi();
  }
}

function summaryOf({ station, acknowledgedCount }: VirtualDevice): Summary {
  return {
    measured: station.measuredCount,
    acknowledged: acknowledgedCount,
    dropped: station.droppedCount,
    buffered: station.bufferedCount,
    reconnects: station.reconnectCount,
  };
}

export function addSummaries(left: Summary, right: Summary): Summary {
  return {
    measured: left.measured + right.measured,
    acknowledged: left.acknowledged + right.acknowledged,
    dropped: left.dropped + right.dropped,
    buffered: left.buffered + right.buffered,
    reconnects: left.reconnects + right.reconnects,
  };
}
