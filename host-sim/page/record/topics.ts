// Which topics carry readings, and of which room: the template of our stations, and the maps of other publishers.

import { expandTemplate } from '../../../firmware/station/topics.js';
import type { TopicMap } from '../api.js';

/** What of a room the recorder listens to. */
export const QUANTITIES = ['temperature', 'humidity', 'readings', 'info'] as const;

export type Quantity = (typeof QUANTITIES)[number];

export interface RoomTopic {
  readonly room: string;
  readonly quantity: Quantity;
}

export interface HouseTopics {
  readonly prefix: string;
  /** As the setting of the stations: `{prefix}/{room}/{quantity}`. */
  readonly template: string;
  readonly maps: readonly TopicMap[];
}

/** Other publishers send single values alone. */
const MAPPED_QUANTITIES = ['temperature', 'humidity'] as const;

export class RoomTopics {
  readonly #house: HouseTopics;
  readonly #pattern: RegExp;
  readonly #reserved: RegExp;
  readonly #mapped = new Map<string, RoomTopic>();

  constructor(house: HouseTopics) {
    this.#house = house;
    this.#pattern = patternOf(house, QUANTITIES.join('|'));
    this.#reserved = patternOf(house, 'command/.+');
    for (const { template, room } of house.maps) {
      for (const quantity of MAPPED_QUANTITIES) this.#mapped.set(expandTemplate(template, '', room, quantity), { room, quantity });
    }
  }

  /** Filters that cover all of them. */
  get filters(): string[] {
    const { prefix, template } = this.#house;
    return [...QUANTITIES.map((quantity) => filterOf(expandTemplate(template, prefix, '\0', quantity))), ...this.#mapped.keys()];
  }

  /** `undefined` where the topic is none of a room. */
  parse(topic: string): RoomTopic | undefined {
    const mapped = this.#mapped.get(topic);
    if (mapped) return mapped;
    const { room, quantity } = this.#pattern.exec(topic)?.groups ?? {};
    return room === undefined || quantity === undefined ? undefined : { room, quantity: quantity as Quantity };
  }

  /** Whether a topic steers stations: a command, or the clock. */
  isReserved(topic: string): boolean {
    return this.#reserved.test(topic) || topic === `${this.#house.prefix}/clock`;
  }

  /** Topics of other publishers that count as `room`. */
  mappedTo(room: string): string[] {
    return [...this.#mapped].filter(([, topic]) => topic.room === room).map(([topic]) => topic);
  }

  /** The topic on which a quantity of a room is published. */
  of(room: string, quantity: string): string {
    const { prefix, template } = this.#house;
    return expandTemplate(template, prefix, room, quantity);
  }
}

/** `text` with a wildcard for the level in which the room, written as NUL, stands. */
function filterOf(text: string): string {
  return text.replace(/[^/]*\0[^/]*/, '+');
}

function patternOf({ prefix, template }: HouseTopics, quantities: string): RegExp {
  const parts: Record<string, string> = {
    '{prefix}': escapeRegExp(prefix),
    '{room}': '(?<room>[^/]+)',
    '{quantity}': `(?<quantity>${quantities})`,
  };
  const pattern = template
    .split(/(\{(?:prefix|room|quantity)\})/)
    .map((part) => parts[part] ?? escapeRegExp(part))
    .join('');
  return new RegExp(`^${pattern}$`, 'u');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
