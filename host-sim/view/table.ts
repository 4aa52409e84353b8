// The table of the rooms: which columns fit, how wide they are, and what their cells say.

import type { Colors } from 'picocolors/types.js';
import stringWidth from 'string-width';
import type { Mean, RoomLink, RoomSnapshot } from './snapshot.js';
import { firstThatFits, padEnd, padStart, printable } from './text.js';
import type { ColumnTitle, Words } from './words.js';

/** The language and the colours in which a frame is drawn. */
export interface Look {
  readonly words: Words;
  readonly colors: Colors;
}

export interface Layout {
  readonly nameWidth: number;
  readonly columns: readonly Column[];
}

interface Column {
  readonly title: ColumnTitle;
  /** Columns of one quantity stand side by side under its title. */
  readonly quantity?: keyof Mean;
  /** Spaces before the column. */
  readonly gap: number;
  readonly width: number;
  /** How far the column grows where there is room. */
  readonly roomyWidth?: number;
  readonly isText?: boolean;
  /** A narrow terminal drops the highest ranks first. */
  readonly rank: number;
  cell(room: RoomSnapshot, look: Look, width: number): Cell;
}

/** Text and colour are apart, because the text is aligned before it is painted. */
interface Cell {
  readonly text: string;
  readonly paint: (text: string) => string;
}

export const LINK_MARKS: Readonly<Record<RoomLink, string>> = { online: '●', connecting: '◌', 'wifi-cut': '✕' };
export const SELECTED_MARK = '▸';
export const SILENT_MARK = '!';
const NOTHING = '–';

/** Marks of selection and link, each with a space. */
const GUTTER_WIDTH = 4;
/** A space and the mark of silence, between the name and the first value. */
const SILENCE_WIDTH = 2;
const SHORT_NAME_WIDTH = 8;
const PLAIN_NAME_WIDTH = 24;
const BUFFERED_COUNT_WIDTH = 4;

const LAST_NEEDED_RANK = 8;
const ALL_COLUMNS: readonly Column[] = [
  { title: 'now', quantity: 'temperature', gap: 0, width: 5, rank: 1, cell: measured('temperature', 'newest') },
  { title: 'mean', quantity: 'temperature', gap: 1, width: 5, rank: 7, cell: measured('temperature', 'mean') },
  { title: 'now', quantity: 'humidity', gap: 2, width: 5, rank: 2, cell: measured('humidity', 'newest') },
  { title: 'mean', quantity: 'humidity', gap: 1, width: 5, rank: 8, cell: measured('humidity', 'mean') },
  { title: 'link', gap: 2, width: 11, isText: true, rank: 4, cell: link },
  { title: 'buffered', gap: 1, width: 10, roomyWidth: 16, isText: true, rank: 3, cell: buffered },
  { title: 'acknowledged', gap: 1, width: 6, roomyWidth: 12, rank: 6, cell: counted('acknowledged') },
  { title: 'age', gap: 1, width: 6, rank: 5, cell: age },
  { title: 'dropped', gap: 2, width: 7, rank: 9, cell: counted('dropped', 'red') },
  { title: 'sensorFaults', gap: 2, width: 7, rank: 10, cell: counted('sensorFaults', 'red') },
  { title: 'reconnects', gap: 2, width: 7, roomyWidth: 12, rank: 11, cell: counted('reconnects') },
];

/** The columns that fit into `width`, and what is left over spent on long names, then on longer bars, then on air. */
export function layOut(rooms: readonly RoomSnapshot[], width: number): Layout {
  const longestName = Math.max(SHORT_NAME_WIDTH, ...rooms.map(({ room }) => stringWidth(printable(room))));
  let spare = width - GUTTER_WIDTH - SILENCE_WIDTH - SHORT_NAME_WIDTH;
  const kept = new Set<Column>();
  for (const column of ALL_COLUMNS.toSorted((a, b) => a.rank - b.rank)) {
    const forNames = column.rank > LAST_NEEDED_RANK ? Math.min(longestName, PLAIN_NAME_WIDTH) - SHORT_NAME_WIDTH : 0;
    if (column.gap + column.width > spare - forNames) break;
    spare -= column.gap + column.width;
    kept.add(column);
  }
  const take = (wish: number) => {
    const taken = Math.max(0, Math.min(wish, spare));
    spare -= taken;
    return taken;
  };
  const nameWidth = SHORT_NAME_WIDTH + take(longestName - SHORT_NAME_WIDTH);
  const grown = ALL_COLUMNS.filter((column) => kept.has(column)).map((column) => ({
    ...column,
    width: column.width + take((column.roomyWidth ?? column.width) - column.width),
  }));
  const air = Math.min(2, Math.floor(Math.max(0, spare) / grown.length));
  return { nameWidth, columns: grown.map((column) => ({ ...column, gap: column.gap + air })) };
}

/** Two lines: the quantities, and below them the titles of the columns. */
export function headLines({ nameWidth, columns }: Layout, { words, colors }: Look): string[] {
  const spans: { quantity: Column['quantity']; gap: number; width: number }[] = [];
  for (const { quantity, gap, width } of columns) {
    const neighbour = spans.at(-1);
    if (quantity !== undefined && neighbour?.quantity === quantity) neighbour.width += gap + width;
    else spans.push({ quantity, gap, width });
  }
  const quantities = spans.map(({ quantity, gap, width }) => {
    const title = quantity === undefined ? '' : firstThatFits(words.titles[quantity], width);
    return ' '.repeat(gap) + padStart(title, width);
  });
  const titles = columns.map(({ title, gap, width, isText }) => {
    const text = firstThatFits(words.titles[title], width);
    return ' '.repeat(gap) + (isText ? padEnd(text, width) : padStart(text, width));
  });
  const name = padEnd(firstThatFits(words.titles.room, nameWidth), nameWidth + SILENCE_WIDTH);
  return [
    colors.dim(' '.repeat(GUTTER_WIDTH + nameWidth + SILENCE_WIDTH) + quantities.join('')),
    colors.dim(' '.repeat(GUTTER_WIDTH) + name + titles.join('')),
  ];
}

export function roomLine(room: RoomSnapshot, isSelected: boolean, { nameWidth, columns }: Layout, look: Look): string {
  const { colors } = look;
  const selection = isSelected ? colors.cyan(SELECTED_MARK) : ' ';
  const paintName = isSelected ? colors.bold : room.isSilent ? colors.dim : String;
  const silence = room.isSilent ? colors.yellow(SILENT_MARK) : ' ';
  const cells = columns.map((column) => {
    const { text, paint } = column.cell(room, look, column.width);
    return ' '.repeat(column.gap) + paint(column.isText ? padEnd(text, column.width) : padStart(text, column.width));
  });
  const name = paintName(padEnd(printable(room.room), nameWidth));
  return `${selection} ${linkColor(room.link, colors)(LINK_MARKS[room.link])} ${name} ${silence}${cells.join('')}`;
}

function linkColor(state: RoomLink, colors: Colors): (text: string) => string {
  return { online: colors.green, connecting: colors.yellow, 'wifi-cut': colors.red }[state];
}

function measured(quantity: keyof Mean, aspect: 'newest' | 'mean'): Column['cell'] {
  return (room, { words, colors }) => {
    const value = room[aspect]?.[quantity];
    if (value === undefined) return { text: NOTHING, paint: colors.dim };
    return { text: words.decimal(value), paint: room.isSilent ? colors.dim : String };
  };
}

function link(room: RoomSnapshot, { words, colors }: Look): Cell {
  return { text: words.links[room.link], paint: linkColor(room.link, colors) };
}

/** The bar grows with the root of the count: each of the first readings shows, and a hundred still fit. */
function buffered(room: RoomSnapshot, { colors }: Look, width: number): Cell {
  const number = padStart(short(room.buffered, BUFFERED_COUNT_WIDTH), BUFFERED_COUNT_WIDTH);
  if (room.buffered === 0) return { text: number, paint: colors.dim };
  const longest = width - BUFFERED_COUNT_WIDTH - 1;
  return { text: `${number} ${'▮'.repeat(Math.min(longest, Math.floor(Math.sqrt(2 * room.buffered))))}`, paint: colors.yellow };
}

function counted(what: 'acknowledged' | 'dropped' | 'sensorFaults' | 'reconnects', alarm?: 'red'): Column['cell'] {
  return (room, { colors }, width) => {
    const paint = room[what] === 0 ? colors.dim : alarm === undefined ? String : colors[alarm];
    return { text: short(room[what], width), paint };
  };
}

function age(room: RoomSnapshot, { words, colors }: Look): Cell {
  if (room.newest === undefined) return { text: NOTHING, paint: colors.dim };
  return { text: words.duration(room.newest.ageSeconds), paint: room.isSilent ? colors.yellow : String };
}

/** In thousands or millions where the number itself is too long. */
function short(count: number, width: number): string {
  return firstThatFits([`${count}`, `${Math.floor(count / 1e3)}k`, `${Math.floor(count / 1e6)}M`], width);
}
