// What requests may say: every parameter and every field of a body, with its limits and the words that name them.

import { isRoom } from '../../../firmware/station/topics.js';
import type { StreamName, Weather } from '../api.js';
import type { DecimalMark } from '../record/export.js';
import { POINTS_MAXIMUM, POINTS_USUAL } from '../record/history.js';
import { HttpError } from './http-error.js';

type Body = Readonly<Record<string, unknown>>;

const STREAMS: readonly StreamName[] = ['house', 'readings', 'simulator', 'broker'];

/** Year 2100: later than every reading. */
const TIME_MAXIMUM_SECONDS = 4_102_444_800;

const USUAL_PERIOD_SECONDS = 3_600;

const ROOMS_MAXIMUM = 2_000;

/** A period that ends now where nothing else is said. Throws `HttpError`. */
export function parsePeriod({ searchParams }: URL, now: number): { from: number; to: number } {
  const to = parseNumber(searchParams, 'to', 0, TIME_MAXIMUM_SECONDS) ?? now + 1;
  const from = parseNumber(searchParams, 'from', 0, TIME_MAXIMUM_SECONDS) ?? Math.max(0, to - USUAL_PERIOD_SECONDS);
  if (from >= to) throw new HttpError('bad-request', 'Parameter from: must be before to.');
  return { from, to };
}

export function parsePoints({ searchParams }: URL): number {
  return parseNumber(searchParams, 'points', 1, POINTS_MAXIMUM) ?? POINTS_USUAL;
}

/** The rooms that were asked for and are there; all of `known` where none was named. */
export function parseRoomList({ searchParams }: URL, known: readonly string[]): string[] {
  const asked = searchParams.getAll('rooms');
  if (asked.length > ROOMS_MAXIMUM) throw new HttpError('bad-request', `Parameter rooms: at most ${ROOMS_MAXIMUM}.`);
  const there = new Set(known);
  return asked.length === 0 ? [...known] : [...new Set(asked)].filter((room) => there.has(room));
}

export function parseDecimal({ searchParams }: URL): DecimalMark {
  return parseChoice(searchParams.get('decimal') ?? 'point', 'decimal', ['point', 'comma']);
}

/** All streams where none was named. */
export function parseStreams({ searchParams }: URL): ReadonlySet<StreamName> {
  const asked = searchParams.getAll('streams');
  return new Set(asked.length === 0 ? STREAMS : asked.map((stream) => parseChoice(stream, 'streams', STREAMS)));
}

/** Throws `HttpError` where `room` can be no room. */
export function checkRoom(room: unknown): string {
  if (typeof room === 'string' && isRoom(room)) return room;
  throw new HttpError('bad-request', 'A room is one topic level of 1 to 64 bytes without + # / or NUL, not starting with $.');
}

export function parseWeather(body: Body): Weather {
  return { temperature: numberField(body, 'temperature', 15), humidity: numberField(body, 'humidity', 40) };
}

export function booleanField(body: Body, field: string, usual?: boolean): boolean {
  const value = body[field] ?? usual;
  if (typeof value === 'boolean') return value;
  throw new HttpError('bad-request', `Field ${field}: must be true or false.`);
}

export function textField(body: Body, field: string, maximumLength: number): string {
  const value = body[field];
  if (typeof value === 'string' && value.length <= maximumLength) return value;
  throw new HttpError('bad-request', `Field ${field}: must be text of at most ${maximumLength} characters.`);
}

function numberField(body: Body, field: string, maximum: number): number {
  const value = body[field];
  if (typeof value === 'number' && Math.abs(value) <= maximum) return value;
  throw new HttpError('bad-request', `Field ${field}: must be a number from -${maximum} to ${maximum}.`);
}

function parseNumber(parameters: URLSearchParams, name: string, minimum: number, maximum: number): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= minimum && value <= maximum) return value;
  throw new HttpError('bad-request', `Parameter ${name}: must be a number from ${minimum} to ${maximum}.`);
}

function parseChoice<Choice extends string>(text: string, name: string, choices: readonly Choice[]): Choice {
  if (choices.includes(text as Choice)) return text as Choice;
  throw new HttpError('bad-request', `Parameter ${name}: must be one of ${choices.join(', ')}.`);
}
