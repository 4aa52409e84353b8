// The recording as a file to take home: CSV that opens in a spreadsheet, and JSON. Written piece by piece, as fast as it is read.

import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { ExportRow } from '../api.js';
import type { Place, Store, StoredReading } from './store.js';

export interface ExportRequest {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  readonly rooms: readonly string[];
}

/** French spreadsheets read a decimal comma, and then the semicolon parts the columns. */
export type DecimalMark = 'point' | 'comma';

/** Rows that are read and written at once. */
const PIECE_ROWS = 1_000;

const COLUMNS: readonly (keyof ExportRow)[] = [
  'room',
  'localTime',
  'temperature',
  'humidity',
  'time',
  'station',
  'boot',
  'seq',
  'backfilled',
];

/** Sweden writes times as ISO 8601 does. */
const LOCAL_TIME = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });

export async function* exportJson(store: Store, request: ExportRequest): AsyncGenerator<string> {
  let isFirst = true;
  for await (const rows of readRows(store, request)) {
    yield `${isFirst ? '[\n' : ',\n'}${rows.map((row) => JSON.stringify(row)).join(',\n')}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : '\n]\n';
}

export async function* exportCsv(store: Store, request: ExportRequest, decimal: DecimalMark): AsyncGenerator<string> {
  yield csvOf([COLUMNS], decimal, true);
  for await (const rows of readRows(store, request)) {
    yield csvOf(
      rows.map((row) => COLUMNS.map((column) => row[column])),
      decimal,
      false,
    );
  }
}

function csvOf(rows: readonly (readonly unknown[])[], decimal: DecimalMark, isStart: boolean): string {
  return stringify(rows as unknown[][], {
    // A spreadsheet knows UTF-8 by its mark.
    bom: isStart,
    delimiter: decimal === 'comma' ? ';' : ',',
    record_delimiter: 'windows',
    // A room may be called `=HYPERLINK(…)`: a spreadsheet must show it, not run it.
    escape_formulas: true,
    cast: {
      number: (value) => (decimal === 'comma' ? String(value).replace('.', ',') : String(value)),
      boolean: (value) => (value ? '1' : '0'),
    },
  });
}

async function* readRows(store: Store, { from, to, rooms }: ExportRequest): AsyncGenerator<ExportRow[]> {
  for (const room of rooms) {
    let place: Place | undefined = { time: from, source: -1, seq: -1 };
    while (place) {
      const readings: readonly StoredReading[] = store.readings(room, place, to, PIECE_ROWS);
      if (readings.length > 0) yield readings.map((reading) => rowOf(room, reading));
      place = readings.at(-1);
      await setImmediate();
    }
  }
}

function rowOf(room: string, reading: StoredReading): ExportRow {
  const { time, temperature, humidity, station, boot, source, seq, late } = reading;
  const date = new Date(time * 1000);
  const times = { time: date.toISOString(), localTime: LOCAL_TIME.format(date) };
  const identity = { station, boot, seq: source > 0 ? seq : null };
  return { room, ...times, temperature, humidity, ...identity, backfilled: late === 1 };
}
