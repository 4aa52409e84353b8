// One frame of the terminal view: turns a snapshot into the lines that fit a terminal of a given size.

import stringWidth from 'string-width';
import type { Snapshot } from './snapshot.js';
import { headLines, type Layout, LINK_MARKS, type Look, layOut, roomLine, SELECTED_MARK, SILENT_MARK } from './table.js';
import { clip, firstThatFits, printable, spread } from './text.js';
import type { Words } from './words.js';

export interface FrameOptions extends Look {
  readonly columns: number;
  readonly rows: number;
  /** Index of the selected room. */
  readonly selected: number;
}

/** Lines above or below the list of rooms. Where the terminal is too low, the least important ones go first. */
interface Block {
  readonly place: 'above' | 'below';
  readonly importance: number;
  readonly lines: readonly string[];
}

/** Longer lines are hard to follow with the eye. */
const WIDEST_LINE = 132;
const LEAST_LIST_HEIGHT = 5;
const SILENT_INTERVALS = 3;

/** At most `rows` lines, each less than `columns` wide: a cursor in the last column makes some terminals wrap. */
export function renderFrame(snapshot: Snapshot, options: FrameOptions): string[] {
  const { columns, rows } = options;
  const width = Math.max(0, Math.min(columns - 1, WIDEST_LINE));
  const layout = layOut(snapshot.rooms, width);
  const listNeeds = Math.min(LEAST_LIST_HEIGHT, Math.ceil(rows / 2), Math.max(1, snapshot.rooms.length));
  const blocks = keepImportant(allBlocks(snapshot, layout, options, width), rows - listNeeds);
  const lines = (place: Block['place']) => blocks.filter((block) => block.place === place).flatMap((block) => block.lines);
  const listHeight = Math.max(0, rows - heightOf(blocks));
  return [...lines('above'), ...listLines(snapshot, layout, options, listHeight, width), ...lines('below')]
    .slice(0, Math.max(0, rows))
    .map((line) => clip(line, width));
}

function allBlocks(snapshot: Snapshot, layout: Layout, options: FrameOptions, width: number): Block[] {
  const { colors } = options;
  const silent = silentLine(snapshot, options, width);
  const status = snapshot.isEnding ? endingLine(snapshot, options) : selectedLine(snapshot, options);
  return [
    { place: 'above', importance: 5, lines: [titleLine(snapshot, options, width)] },
    { place: 'above', importance: 5, lines: pageLines(snapshot, options) },
    { place: 'above', importance: 2, lines: [''] },
    { place: 'above', importance: 9, lines: [houseLine(snapshot, options, width)] },
    { place: 'above', importance: silent === '' ? 1 : 6, lines: [silent] },
    { place: 'above', importance: 6, lines: droppedLines(snapshot, options) },
    { place: 'above', importance: 2, lines: [''] },
    { place: 'above', importance: 7, lines: headLines(layout, options) },
    { place: 'above', importance: 3, lines: [colors.dim('─'.repeat(width))] },
    { place: 'below', importance: 0, lines: [''] },
    { place: 'below', importance: snapshot.isEnding ? 10 : 4, lines: [status] },
    { place: 'below', importance: 8, lines: [footerLine(snapshot, options, width)] },
  ];
}

function keepImportant(blocks: readonly Block[], height: number): Block[] {
  const kept = [...blocks];
  while (kept.length > 0 && heightOf(kept) > height) {
    const least = Math.min(...kept.map(({ importance }) => importance));
    kept.splice(
      kept.findLastIndex(({ importance }) => importance === least),
      1,
    );
  }
  return kept;
}

function heightOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { lines }) => sum + lines.length, 0);
}

/** Exactly `height` lines: the rooms around the selected one, a hint where some are hidden, and blank lines where there are few. */
function listLines({ rooms }: Snapshot, layout: Layout, options: FrameOptions, height: number, width: number): string[] {
  const { words, colors, selected } = options;
  if (rooms.length === 0) return padLines([colors.dim(`  ${words.noRooms}`)], height);
  const shown = rooms.length > height && height > 1 ? height - 1 : height;
  const first = Math.max(0, Math.min(selected - Math.floor(shown / 2), rooms.length - shown));
  const visible = rooms.slice(first, first + shown);
  const lines = visible.map((room, index) => roomLine(room, first + index === selected, layout, options));
  const below = rooms.length - first - visible.length;
  if (first + below > 0) {
    const hint = `── ${words.more(first + below)}  ↑ ${first}  ↓ ${below} `;
    lines.push(colors.dim(hint + '─'.repeat(Math.max(0, width - stringWidth(hint)))));
  }
  return padLines(lines, height);
}

function padLines(lines: readonly string[], height: number): string[] {
  return [...lines, ...Array<string>(Math.max(0, height - lines.length)).fill('')];
}

function titleLine({ broker, elapsedSeconds }: Snapshot, { words, colors }: FrameOptions, width: number): string {
  const mark = broker.isUp ? colors.green(LINK_MARKS.online) : colors.red(LINK_MARKS['wifi-cut']);
  const state = broker.isUp ? '' : `  ${colors.red(words.brokerCut)}`;
  const url = `${mark} ${printable(broker.url)}${state}`;
  const webSocket = broker.wsPort === undefined ? '' : `  ${colors.dim('WebSocket')} ${broker.wsPort}`;
  const clock = clockOf(elapsedSeconds);
  const left = firstThatFits(
    [`${colors.bold('station-meteo')}   ${url}${webSocket}`, url + webSocket, url],
    width - clock.length - 1,
  );
  return spread(left, colors.dim(clock), width);
}

/** Nothing where there is no page. */
function pageLines({ page }: Snapshot, { words, colors }: FrameOptions): string[] {
  return page === undefined ? [] : [`${colors.dim(words.page)} ${colors.bold(page)}`];
}

function clockOf(seconds: number): string {
  const two = (number: number) => `${Math.floor(number)}`.padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

function houseLine({ rooms, house }: Snapshot, { words, colors }: FrameOptions, width: number): string {
  const name = colors.bold(words.house);
  if (house === undefined) {
    const isSilent = rooms.length > 0 && rooms.every((room) => room.isSilent);
    const reason = isSilent ? `   ${colors.yellow(words.everyRoomIsSilent)}` : '';
    return `${name}   ${colors.dim('–')}${reason}`;
  }
  const temperature = `${words.decimal(house.temperature)} °C`;
  const humidity = `${words.decimal(house.humidity)} %`;
  const reporting = rooms.filter(({ isSilent, mean }) => !isSilent && mean !== undefined).length;
  const means = `${colors.bold(colors.cyan(temperature))}   ${colors.bold(colors.cyan(humidity))}`;
  const short = colors.bold(colors.cyan(`${temperature} ${humidity}`));
  return firstThatFits(
    [
      `${name}   ${means}   ${colors.dim(words.houseMean(reporting, rooms.length))}`,
      `${name}   ${means}`,
      `${name} ${short}`,
      short,
    ],
    width,
  );
}

/** Names as many silent rooms as fit, and counts the others; empty where every room is heard. */
function silentLine({ rooms, intervalSeconds }: Snapshot, { words, colors }: FrameOptions, width: number): string {
  const names = rooms.filter(({ isSilent }) => isSilent).map(({ room }) => printable(room));
  if (names.length === 0) return '';
  const long = `${SILENT_MARK} ${words.silent(SILENT_INTERVALS * intervalSeconds)} `;
  const left = width - stringWidth(long);
  // With its comma, a name takes three columns or more: a thousand names need no measuring.
  const allFit = 3 * names.length - 2 <= left && stringWidth(names.join(', ')) <= left;
  const start = allFit ? long : `${SILENT_MARK} ${words.silentShort} `;
  return colors.yellow(start + joinNames(names, width - stringWidth(start), words));
}

/** The names that fit, at least a part of the first one, and how many more there are. */
function joinNames(names: readonly string[], width: number, words: Words): string {
  const rest = (named: number) => (named < names.length ? ` ${words.more(names.length - named)}` : '');
  const list = (named: number) => names.slice(0, named).join(', ');
  let named = 1;
  while (named < names.length && stringWidth(list(named + 1) + rest(named + 1)) <= width) named += 1;
  return clip(list(named), width - stringWidth(rest(named))) + rest(named);
}

/** Nothing where nothing was dropped. */
function droppedLines({ broker }: Snapshot, { words, colors }: FrameOptions): string[] {
  const { droppedForAbsent } = broker;
  return droppedForAbsent === 0 ? [] : [colors.yellow(`${SILENT_MARK} ${words.droppedForAbsent(droppedForAbsent)}`)];
}

function selectedLine({ rooms }: Snapshot, { words, colors, selected }: FrameOptions): string {
  const room = rooms[selected];
  return room === undefined ? '' : `${colors.cyan(SELECTED_MARK)} ${printable(room.room)}   ${colors.dim(words.record(room))}`;
}

function endingLine({ rooms }: Snapshot, { words, colors }: FrameOptions): string {
  return colors.yellow(words.ending(rooms.reduce((sum, { buffered }) => sum + buffered, 0)));
}

function footerLine({ broker, rooms }: Snapshot, { words, colors, selected }: FrameOptions, width: number): string {
  const { keys } = words;
  const isCut = rooms[selected]?.link === 'wifi-cut';
  const key = (name: string, meaning: string) => `${colors.cyan(name)} ${colors.dim(meaning)}`;
  const ofRoom = [key('↑↓', keys.select), key('w', isCut ? keys.restoreWifi : keys.cutWifi)];
  const ofBroker = broker.isEmbedded ? [key('b', broker.isUp ? keys.cutBroker : keys.restoreBroker)] : [];
  const all = [...(rooms.length > 0 ? ofRoom : []), ...ofBroker, key('q', keys.end)];
  const short = `↑↓ w ${broker.isEmbedded ? 'b ' : ''}q`;
  return firstThatFits([all.join('    '), all.join('  '), all.slice(1).join('  '), colors.cyan(short)], width);
}
