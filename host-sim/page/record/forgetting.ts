// Which retained topics a room may have left at the broker: they are cleared when it is forgotten.

import type { RoomTopics } from './topics.js';

/** Everything that a station or this page publishes of a room and that may be retained (design §3). */
const RETAINED_QUANTITIES = ['status', 'info', 'temperature', 'humidity', 'readings', 'diagnostics', 'mean'] as const;

export function retainedTopics(topics: RoomTopics, room: string): string[] {
  return [...RETAINED_QUANTITIES.map((quantity) => topics.of(room, quantity)), ...topics.mappedTo(room)];
}
