// Republishes the means: of each room on `<prefix>/<room>/mean`, of the house on `<prefix>/mean`.

import type { House, Values } from '../api.js';

const PUBLISH_INTERVAL_MS = 10_000;

export interface MeansPublisherOptions {
  readonly prefix: string;
  readonly topicOf: (room: string) => string;
  readonly state: () => House;
  /** Not retained: an old mean would look like a new one. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
}

/** Publishes each 10 s; returns what stops it. */
export function startMeansPublisher({ prefix, topicOf, state, publish }: MeansPublisherOptions): () => void {
  const tell = () => {
    const { mean, rooms } = state();
    const messages = rooms.flatMap((room): [topic: string, mean: Values][] => {
      return room.mean && !room.isSilent ? [[topicOf(room.room), room.mean]] : [];
    });
    if (mean) messages.push([`${prefix}/mean`, mean]);
    // While the broker is away nothing is missed: the next means are newer.
    for (const [topic, values] of messages) publish(topic, JSON.stringify(roundTenths(values))).catch(() => {});
  };
  const interval = setInterval(tell, PUBLISH_INTERVAL_MS);
  return () => clearInterval(interval);
}

function roundTenths({ temperature, humidity }: Values): Partial<Values> {
  return {
    ...(temperature !== null && { temperature: Math.round(temperature * 10) / 10 }),
    ...(humidity !== null && { humidity: Math.round(humidity * 10) / 10 }),
  };
}
