// The tables of the recording. A reading lies beside the readings of its room, in the order of measurement: periods are read in one go.

/** Counts up when the tables change; a recording of another version is not touched. */
export const SCHEMA_VERSION = 1;

/**
 * `source` is a run of a station (station and boot); 0 stands for values without an identity, and `seq` then tells the quantities apart.
 * Times are epoch seconds. `late`: arrived out of a buffer. `guessed`: the station did not know the time, and the recorder
 * reckoned it from the uptime. `total` is there because counting ten million rows takes seconds.
 */
export const SCHEMA = `
  create table room (id integer primary key, name text not null unique) strict;
  create table source (id integer primary key, station text not null, boot integer not null, unique (station, boot)) strict;
  create table reading (
    room integer not null,
    measured real not null,
    source integer not null,
    seq integer not null,
    temperature real,
    humidity real,
    late integer not null,
    guessed integer not null,
    primary key (room, measured, source, seq)
  ) strict, without rowid;
  create unique index identity on reading (source, seq) where source > 0;
  create table total (readings integer not null) strict;
  insert into total values (0);
  pragma user_version = ${SCHEMA_VERSION};
`;

/** What is known already is dropped: at-least-once on the wire is exactly-once here. */
export const INSERT_READING = `
  insert into reading (room, measured, source, seq, temperature, humidity, late, guessed) values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
`;

/** A time that the station knew replaces a guess. */
export const REPLACE_GUESS = 'update reading set measured = ?, guessed = 0 where source = ? and seq = ? and guessed = 1';
