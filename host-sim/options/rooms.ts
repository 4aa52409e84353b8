// The option --rooms: names, or how many.

import { isRoom } from '../../firmware/station/topics.js';
import { parseWhole, usage } from './arguments.js';

export const DEFAULT_ROOMS = ['salon', 'cuisine', 'chambre', 'bureau'];
export const ROOMS_MAXIMUM = 1000;

/** Room names from a list or a count. Throws `UserError` for what is no room. */
export function parseRooms(text: string): string[] {
  if (/^\d+$/.test(text)) return numberedRooms(parseWhole('--rooms', text, 1, ROOMS_MAXIMUM) as number);
  const rooms = text.split(',');
  if (rooms.length > ROOMS_MAXIMUM)
    throw usage(`Option --rooms: at most ${ROOMS_MAXIMUM} rooms.`, `npm start -- --rooms ${ROOMS_MAXIMUM}`);
  rooms.forEach((room, index) => {
    if (!isRoom(room)) {
      const allowed = 'a room is one topic level of 1 to 64 bytes without + # / or NUL, not starting with $';
      throw usage(`Option --rooms: ${JSON.stringify(room)} is not allowed; ${allowed}.`, 'npm start -- --rooms salon,cuisine');
    }
    if (rooms.indexOf(room) !== index) {
      throw usage(
        `Option --rooms: ${JSON.stringify(room)} is named twice.`,
        `npm start -- --rooms ${[...new Set(rooms)].join(',')}`,
      );
    }
  });
  return rooms;
}

function numberedRooms(count: number): string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) => `salle-${String(index + 1).padStart(width, '0')}`);
}
