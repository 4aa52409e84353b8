// The recording: readings in SQLite, in a file or in memory. Knows identities, periods and limits; knows nothing of MQTT.

import sqlite from 'node-sqlite3-wasm';
import { UserError } from '../../user-error.js';
import { DataDirectory } from './data-directory.js';
import { INSERT_READING, REPLACE_GUESS, SCHEMA, SCHEMA_VERSION } from './schema.js';

type Database = InstanceType<typeof sqlite.Database>;
type Statement = ReturnType<Database['prepare']>;

/** A reading that is to be recorded. */
export interface NewReading {
  readonly room: string;
  /** `undefined`: a value that came without one; then one of the quantities alone is there. */
  readonly identity: { readonly station: string; readonly boot: number; readonly seq: number } | undefined;
  /** Epoch seconds of the measurement. */
  readonly time: number;
  /** The station did not know the time. */
  readonly isGuessed: boolean;
  /** Arrived later than the next reading was due. */
  readonly isLate: boolean;
  readonly temperature: number | null;
  readonly humidity: number | null;
}

/** What became of readings that were to be recorded. */
export interface Recorded {
  readonly recorded: readonly NewReading[];
  /** Known already. */
  readonly duplicates: number;
  /** Of rooms beyond the limit. */
  readonly withoutPlace: number;
}

/** A reading, or the mean of several, with the lowest and highest of them. */
export interface StoredPoint {
  readonly time: number;
  readonly temperature: number | null;
  readonly temperatureMinimum: number | null;
  readonly temperatureMaximum: number | null;
  readonly humidity: number | null;
  readonly humidityMinimum: number | null;
  readonly humidityMaximum: number | null;
  readonly late: 0 | 1;
}

/** A place in the order of a room's readings. */
export interface Place {
  readonly time: number;
  /** Run of a station; 0: a value without an identity. */
  readonly source: number;
  readonly seq: number;
}

export interface StoredReading extends Place {
  readonly temperature: number | null;
  readonly humidity: number | null;
  readonly station: string | null;
  readonly boot: number | null;
  readonly late: 0 | 1;
}

export interface Extremes {
  readonly temperatureMinimum: number | null;
  readonly temperatureMaximum: number | null;
  readonly humidityMinimum: number | null;
  readonly humidityMaximum: number | null;
}

/** What a recording holds at most; older readings give way. */
export interface StoreLimits {
  readonly rooms: number;
  readonly readings: number;
}

/** On disk a reading takes about 60 bytes: this is 600 MB, 30 rooms each 10 s for five weeks. */
export const FILE_LIMITS: StoreLimits = { rooms: 2_000, readings: 10_000_000 };

/** In memory, the same is 60 MB: 30 rooms each 10 s for four days. */
export const MEMORY_LIMITS: StoreLimits = { rooms: 2_000, readings: 1_000_000 };

/** How much of a room is deleted at once when there are too many readings: few enough that nobody waits. */
const EXPIRY_SECONDS = 3_600;

const NO_SOURCE = 0;
const SEQ_OF_TEMPERATURE = 0;
const SEQ_OF_HUMIDITY = 1;

export class Store {
  readonly #database: Database;
  readonly #directory: DataDirectory | undefined;
  readonly #limits: StoreLimits;
  readonly #insert: Statement;
  readonly #replaceGuess: Statement;
  readonly #rooms = new Map<string, number>();
  /** Runs of stations that were seen since the start, newest last. */
  readonly #sources = new Map<string, number>();
  #readingCount: number;
  #expired = 0;

  private constructor(database: Database, directory: DataDirectory | undefined, limits: StoreLimits) {
    this.#database = database;
    this.#directory = directory;
    this.#limits = limits;
    this.#insert = database.prepare(INSERT_READING);
    this.#replaceGuess = database.prepare(REPLACE_GUESS);
    this.#readNames();
    this.#readingCount = database.get('select readings from total')?.['readings'] as number;
  }

  /**
   * @param path directory of the recording; `undefined`: in memory
   * Throws `UserError` where the directory cannot be used.
   */
  static open(path: string | undefined, limits: StoreLimits = path === undefined ? MEMORY_LIMITS : FILE_LIMITS): Store {
    const directory = path === undefined ? undefined : DataDirectory.claim(path);
    try {
      return new Store(openDatabase(directory?.recordingFile), directory, limits);
    } catch (error) {
      directory?.release();
      if (error instanceof UserError) throw error;
      throw new UserError(
        `Option --data: ${JSON.stringify(path)} holds no recording that can be read (${(error as Error).message}).`,
        'npm start -- --data DIR (another directory)',
      );
    }
  }

  /** Names of all rooms, in the order in which they came. */
  get rooms(): string[] {
    return [...this.#rooms.keys()];
  }

  /** Readings that were deleted because there were too many. */
  get expiredCount(): number {
    return this.#expired;
  }

  /** Whether readings of `room` can be recorded: it is known, or there is room for one more. */
  hasPlaceFor(room: string): boolean {
    return this.#rooms.has(room) || this.#rooms.size < this.#limits.rooms;
  }

  /** Records what is new, in one transaction; a time replaces a guess. */
  record(readings: readonly NewReading[]): Recorded {
    return this.#inTransaction(() => {
      const recorded: NewReading[] = [];
      let withoutPlace = 0;
      for (const reading of readings) {
        if (!this.hasPlaceFor(reading.room)) withoutPlace++;
        else if (this.#insertReading(reading)) recorded.push(reading);
      }
      while (this.#readingCount > this.#limits.readings) this.#expire();
      return { recorded, duplicates: readings.length - withoutPlace - recorded.length, withoutPlace };
    });
  }

  /**
   * The readings of a room from `from` up to, but without `to`.
   * @param bucketSeconds each point is the mean of this many seconds; 0: each is a reading
   */
  points(room: string, from: number, to: number, bucketSeconds: number): StoredPoint[] {
    const period = [this.#rooms.get(room) ?? -1, from, to];
    if (bucketSeconds === 0) {
      const rows = this.#database.all(
        `select measured as time, temperature, temperature as temperatureMinimum, temperature as temperatureMaximum,
          humidity, humidity as humidityMinimum, humidity as humidityMaximum, late
          from reading where room = ? and measured >= ? and measured < ? order by measured`,
        period,
      );
      return rows as unknown as StoredPoint[];
    }
    const rows = this.#database.all(
      `select avg(measured) as time, avg(temperature) as temperature, min(temperature) as temperatureMinimum,
        max(temperature) as temperatureMaximum, avg(humidity) as humidity, min(humidity) as humidityMinimum,
        max(humidity) as humidityMaximum, max(late) as late
        from reading where room = ? and measured >= ? and measured < ?
        group by cast(measured / ? as integer) order by time`,
      [...period, bucketSeconds],
    );
    return rows as unknown as StoredPoint[];
  }

  /** At most `limit` readings of a room behind `place` and before `to`, in order. The last one is the place to go on from. */
  readings(room: string, place: Place, to: number, limit: number): StoredReading[] {
    const rows = this.#database.all(
      `select measured as time, source, seq, temperature, humidity, station, boot, late
        from reading left join source on source.id = reading.source
        where room = ? and (measured, source, seq) > (?, ?, ?) and measured < ? order by measured, source, seq limit ?`,
      [this.#rooms.get(room) ?? -1, place.time, place.source, place.seq, to, limit],
    );
    return rows as unknown as StoredReading[];
  }

  /** The newest readings of a room, oldest first. */
  newest(room: string, count: number): Pick<StoredReading, 'time' | 'temperature' | 'humidity'>[] {
    const rows = this.#database.all(
      'select measured as time, temperature, humidity from reading where room = ? order by measured desc limit ?',
      [this.#rooms.get(room) ?? -1, count],
    );
    return rows.reverse() as unknown as StoredReading[];
  }

  /** Lowest and highest of a room since `from`. */
  extremes(room: string, from: number): Extremes {
    const row = this.#database.get(
      `select min(temperature) as temperatureMinimum, max(temperature) as temperatureMaximum, min(humidity) as humidityMinimum,
        max(humidity) as humidityMaximum from reading where room = ? and measured >= ?`,
      [this.#rooms.get(room) ?? -1, from],
    );
    return row as unknown as Extremes;
  }

  /** Deletes a room with all its readings. Returns whether there was one. */
  forget(room: string): boolean {
    const id = this.#rooms.get(room);
    if (id === undefined) return false;
    return this.#inTransaction(() => {
      this.#readingCount -= this.#database.run('delete from reading where room = ?', [id]).changes;
      this.#database.run('delete from room where id = ?', [id]);
      return this.#rooms.delete(room);
    });
  }

  close(): void {
    this.#insert.finalize();
    this.#replaceGuess.finalize();
    this.#database.close();
    this.#directory?.release();
  }

  #insertReading({ room, identity, time, isGuessed, isLate, temperature, humidity }: NewReading): boolean {
    const source = identity ? this.#sourceOf(identity.station, identity.boot) : NO_SOURCE;
    const seq = identity?.seq ?? (humidity === null ? SEQ_OF_TEMPERATURE : SEQ_OF_HUMIDITY);
    const values = [this.#roomOf(room), time, source, seq, temperature, humidity, isLate ? 1 : 0, isGuessed ? 1 : 0];
    if (this.#insert.run(values).changes > 0) {
      this.#readingCount++;
      return true;
    }
    return identity !== undefined && !isGuessed && this.#replaceGuess.run([time, source, seq]).changes > 0;
  }

  #roomOf(name: string): number {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#database.run('insert into room (name) values (?)', [name]).lastInsertRowid);
    this.#rooms.set(name, id);
    return id;
  }

  #sourceOf(station: string, boot: number): number {
    const name = `${station}/${boot}`;
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    this.#database.run('insert into source (station, boot) values (?, ?) on conflict do nothing', [station, boot]);
    const row = this.#database.get('select id from source where station = ? and boot = ?', [station, boot]);
    const id = row?.['id'] as number;
    if (this.#sources.size >= this.#limits.rooms) this.#sources.delete(this.#sources.keys().next().value as string);
    this.#sources.set(name, id);
    return id;
  }

  #inTransaction<Result>(work: () => Result): Result {
    this.#database.exec('begin');
    const countBefore = this.#readingCount;
    try {
      const result = work();
      this.#database.run('update total set readings = ?', [this.#readingCount]);
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#database.exec('rollback');
      this.#readingCount = countBefore;
      this.#readNames();
      throw error;
    }
  }

  #readNames(): void {
    this.#sources.clear();
    this.#rooms.clear();
    for (const { id, name } of this.#database.all('select id, name from room order by id')) {
      this.#rooms.set(name as string, id as number);
    }
  }

  /** Deletes the oldest hour of the room whose readings go back furthest. */
  #expire(): void {
    const oldest = this.#database.get(
      `select id, (select min(measured) from reading where room = room.id) as oldest
        from room where oldest is not null order by oldest limit 1`,
    );
    const { changes } = this.#database.run('delete from reading where room = ? and measured < ?', [
      oldest?.['id'] as number,
      (oldest?.['oldest'] as number) + EXPIRY_SECONDS,
    ]);
    this.#readingCount -= changes;
    this.#expired += changes;
  }
}

function openDatabase(file: string | undefined): Database {
  const database = new sqlite.Database(file);
  // One process alone has the file. With a write-ahead log a crash loses at most what was written in the last second, never what
  // was there before.
  database.all('pragma locking_mode = exclusive');
  database.all('pragma journal_mode = wal');
  database.exec('pragma synchronous = normal');
  const version = database.get('pragma user_version')?.['user_version'];
  if (version === 0) database.exec(SCHEMA);
  else if (version !== SCHEMA_VERSION) {
    database.close();
    throw new Error(`version ${version} of its tables, and this program knows ${SCHEMA_VERSION}`);
  }
  return database;
}
