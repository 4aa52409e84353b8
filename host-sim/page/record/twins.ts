// Two boards where one should be: two stations that feed one room, one station in two rooms, or two runs of one station at the same time.

import type { RoomWarning } from '../api.js';

/** Who was heard this many intervals ago is still there. */
const PRESENT_FOR_INTERVALS = 3;

/** Boots that take turns this often are two boards: one board changes its boot once, when it starts. */
const TURNS_OF_TWINS = 2;

/** Stations that are followed; beyond it, who was silent longest is forgotten. */
const STATIONS_MAXIMUM = 4_000;

interface Sighting {
  boot: number;
  turns: number;
  previousBoot: number | undefined;
  /** Epoch seconds of the last turn. */
  turnedAt: number;
  /** Epoch seconds of the newest measurement, room by room. */
  readonly rooms: Map<string, number>;
}

/** Rooms in which one station is followed. */
const ROOMS_OF_STATION_MAXIMUM = 8;

/** Stations of one room that are named. */
const STATIONS_OF_ROOM_MAXIMUM = 8;

interface RoomSurvey {
  readonly stations: string[];
  readonly warnings: RoomWarning[];
}

export class Twins {
  readonly #stations = new Map<string, Sighting>();

  /** A reading measured at `time` came: not one out of a buffer, which says nothing of the present. */
  see(room: string, station: string, boot: number, time: number): void {
    const known = this.#stations.get(station);
    const sighting = known ?? { boot, turns: 0, previousBoot: undefined, turnedAt: 0, rooms: new Map<string, number>() };
    if (boot !== sighting.boot) {
      sighting.turns = boot === sighting.previousBoot ? sighting.turns + 1 : 0;
      sighting.previousBoot = sighting.boot;
      sighting.boot = boot;
      sighting.turnedAt = time;
    }
    if (sighting.rooms.size < ROOMS_OF_STATION_MAXIMUM || sighting.rooms.has(room)) sighting.rooms.set(room, time);
    // The station moves to the end, so that the first one is who was silent longest.
    this.#stations.delete(station);
    this.#stations.set(station, sighting);
    if (this.#stations.size > STATIONS_MAXIMUM) this.#stations.delete(this.#stations.keys().next().value as string);
  }

  forget(room: string): void {
    for (const { rooms } of this.#stations.values()) rooms.delete(room);
  }

  /** Stations that feed each room now, and what is wrong with them. */
  survey(now: number, intervalOf: (room: string) => number): Map<string, RoomSurvey> {
    const isPresent = (room: string, time: number) => now - time <= PRESENT_FOR_INTERVALS * intervalOf(room);
    const survey = new Map<string, RoomSurvey>();
    for (const [station, sighting] of this.#stations) {
      const present = [...sighting.rooms].filter(([room, time]) => isPresent(room, time)).map(([room]) => room);
      for (const room of present) {
        const { stations, warnings } = entryOf(survey, room);
        if (stations.length >= STATIONS_OF_ROOM_MAXIMUM) continue;
        for (const other of stations) warnings.push({ kind: 'two-stations', station: other, other: station });
        stations.push(station);
        for (const other of present) if (other !== room) warnings.push({ kind: 'two-rooms', station, other });
        if (sighting.turns >= TURNS_OF_TWINS && isPresent(room, sighting.turnedAt)) {
          warnings.push({ kind: 'same-identity', station, other: `${sighting.boot} / ${sighting.previousBoot}` });
        }
      }
    }
    return survey;
  }
}

function entryOf(survey: Map<string, RoomSurvey>, room: string): RoomSurvey {
  const entry = survey.get(room) ?? { stations: [], warnings: [] };
  survey.set(room, entry);
  return entry;
}
