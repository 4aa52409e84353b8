// All rooms as the page knows them: what comes in is put where it belongs, bounded, and what is left out is counted.

import type { History, House as HouseRecord, RecordedReading, VirtualRoom } from '../../api.js';
import { type AddressOf, parseDiagnostics, parseInfo, REPORT_MAXIMUM_BYTES } from './contract.js';
import { samplesOf } from './history.js';
import type { Message } from './message.js';
import { Room } from './room.js';

/** More rooms than a school has; a stranger who invents names fills no memory. */
export const ROOMS_MAXIMUM = 400;

const decoder = new TextDecoder();

export class House {
  readonly rooms = new Map<string, Room>();
  /** What the recorder said last. */
  record: HouseRecord | undefined;
  readonly #addressOf: AddressOf;
  readonly #intervalSeconds: number;
  /** Rooms that this page has no space for spoke so often. */
  ignoredCount = 0;

  constructor(addressOf: AddressOf, intervalSeconds: number) {
    this.#addressOf = addressOf;
    this.#intervalSeconds = intervalSeconds;
  }

  /** A station's report of itself. */
  takeMessage({ topic, payload, bytes }: Message): void {
    const address = this.#addressOf(topic);
    // An empty retained message clears its topic: it says nothing of the room, and makes none.
    if (!address || bytes === 0 || bytes > REPORT_MAXIMUM_BYTES) return;
    const room = this.#room(address.room);
    if (!room) return;
    const text = decoder.decode(payload);
    if (address.report === 'info') room.info = parseInfo(text);
    else if (address.report === 'diagnostics') room.diagnostics = parseDiagnostics(text);
    else if (text === 'online' || text === 'offline') room.status = text;
  }

  takeReadings(readings: readonly RecordedReading[]): void {
    for (const reading of readings) this.#room(reading.room)?.addReading(reading);
  }

  takeHistory({ series }: History): void {
    for (const part of series) {
      const room = this.#room(part.room);
      if (room) for (const sample of samplesOf(part)) room.series.add(sample);
    }
  }

  takeRecord(record: HouseRecord): void {
    this.record = record;
    for (const room of record.rooms) this.#room(room.room)?.takeRecord(room);
  }

  takeVirtualRooms(virtualRooms: readonly VirtualRoom[]): void {
    for (const virtual of virtualRooms) {
      const room = this.#room(virtual.room);
      if (room) room.virtual = virtual;
    }
  }

  forget(name: string): void {
    this.rooms.delete(name);
  }

  /** The room, made where it is new and there is space. */
  #room(name: string): Room | undefined {
    const known = this.rooms.get(name);
    if (known) return known;
    if (this.rooms.size >= ROOMS_MAXIMUM) {
      this.ignoredCount++;
      return undefined;
    }
    const room = new Room(name, this.rooms.size, this.#intervalSeconds);
    this.rooms.set(name, room);
    return room;
  }
}
