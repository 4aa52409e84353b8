// Where a station publishes and what it listens to: the topics of the contract (design §3), encoded once.

import { isTopicFilter, isTopicName } from '../mqtt/topic.js';
import { encodeUtf8, utf8Length } from '../mqtt/utf8.js';

/** Of a prefix, and of a room. */
const PART_MAXIMUM_BYTES = 64;
const TEMPLATE_MAXIMUM_BYTES = 128;
const PLUS = 0x2b;

/** Bytes of the longest topic that settings within their limits can give: template, prefix, room and quantity. */
export const TOPIC_LIMIT_BYTES = 272;

/** The topics of one station as UTF-8 bytes. */
export interface Topics {
  readonly temperature: Uint8Array;
  readonly humidity: Uint8Array;
  readonly readings: Uint8Array;
  readonly status: Uint8Array;
  readonly info: Uint8Array;
  readonly diagnostics: Uint8Array;
  /** Filter of what is said to the station, with `+` for the name of the command; empty where the template leaves no level for it. */
  readonly command: Uint8Array;
  /** `<prefix>/clock`: epoch seconds from the host, for rooms without internet time. */
  readonly clock: Uint8Array;
}

/** The settings that say where a station publishes. */
export interface TopicSettings {
  readonly prefix: string;
  readonly room: string;
  readonly template: string;
}

export function buildTopics(settings: TopicSettings, room: string): Topics {
  const topic = (quantity: string) => expandTemplate(settings.template, settings.prefix, room, quantity);
  const command = topic('command/+');
  return encodeTogether({
    temperature: topic('temperature'),
    humidity: topic('humidity'),
    readings: topic('readings'),
    status: topic('status'),
    info: topic('info'),
    diagnostics: topic('diagnostics'),
    command: isTopicFilter(encodeUtf8(command)) ? command : '',
    clock: `${settings.prefix}/clock`,
  });
}

/** The texts as UTF-8: views of one buffer, because each buffer of its own takes 50 bytes more on a board. */
function encodeTogether<Name extends string>(texts: { readonly [Each in Name]: string }): { readonly [Each in Name]: Uint8Array } {
  const names = Object.keys(texts) as Name[];
  const bytes = encodeUtf8(names.map((name) => texts[name]).join(''));
  const views = {} as { [Each in Name]: Uint8Array };
  let start = 0;
  for (const name of names) {
    const end = start + utf8Length(texts[name]);
    views[name] = bytes.subarray(start, end);
    start = end;
  }
  return views;
}

/** The room of a station: as set, or `room-` and the last four hex digits of the station. */
export function roomOf(settings: TopicSettings, station: string): string {
  return settings.room === '' ? `room-${station.slice(-4)}` : settings.room;
}

/** The topics of a station as one text, with `+`, which no topic holds, in the place of the quantity. */
export function topicBase(settings: TopicSettings, station: string): string {
  return expandTemplate(settings.template, settings.prefix, roomOf(settings, station), '+');
}

/** The topic of `quantity` among those that `base` stands for. */
export function topicOf(base: string, quantity: string): string {
  return base.split('+').join(quantity);
}

/** The part of `topic` that stands for the `+` of `filter`; `undefined` where the topic is not among those that it means. */
export function wildcardPart(topic: Uint8Array, filter: Uint8Array): Uint8Array | undefined {
  const plus = filter.indexOf(PLUS);
  const behind = filter.length - plus - 1;
  const end = topic.length - behind;
  if (end < plus || !equalBytes(topic.subarray(0, plus), filter.subarray(0, plus))) return undefined;
  if (!equalBytes(topic.subarray(end), filter.subarray(plus + 1))) return undefined;
  return topic.subarray(plus, end);
}

/** One or more topic levels of 1 to 64 bytes together, without wildcards, not starting with `$`. */
export function isPrefix(prefix: string): boolean {
  const bytes = encode(prefix);
  return bytes !== undefined && bytes.length <= PART_MAXIMUM_BYTES && isTopicName(bytes) && !prefix.startsWith('$');
}

/** As a prefix, but one level. */
export function isRoom(room: string): boolean {
  return isPrefix(room) && !room.includes('/');
}

/** Whether every topic made from `template` is a topic name and tells the quantities apart. */
export function isTemplate(template: string): boolean {
  const bytes = encode(template);
  if (bytes === undefined || bytes.length > TEMPLATE_MAXIMUM_BYTES || template.startsWith('$')) return false;
  if (template.split('{quantity}').length !== 2 || repeats(template, '{prefix}') || repeats(template, '{room}')) return false;
  const expanded = encode(expandTemplate(template, 'p', 'r', 'q'));
  return expanded !== undefined && isTopicName(expanded);
}

export function expandTemplate(template: string, prefix: string, room: string, quantity: string): string {
  // Taken apart first and put together afterwards: a room may itself be called `{quantity}`.
  const withPrefix = (part: string) => part.split('{prefix}').join(prefix);
  const withRoom = (part: string) => part.split('{room}').map(withPrefix).join(room);
  return template.split('{quantity}').map(withRoom).join(quantity);
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function repeats(template: string, part: string): boolean {
  return template.split(part).length > 2;
}

function encode(text: string): Uint8Array | undefined {
  try {
    return encodeUtf8(text);
  } catch {
    return undefined;
  }
}
