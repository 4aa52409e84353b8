// All rooms at one glance: the house above, a card for each room below.

import { house, now, revision, rooms } from '../live/store.js';
import { forgetRoom, mayForget } from '../live/teacher.js';
import { language, words } from '../words/words.js';
import { Card } from './card.js';
import { factsOf } from './facts.js';
import { HouseMean } from './house-mean.js';

/** With more rooms than this, cards do without their fine print. */
const COMPACT_ABOVE = 12;

export function RoomsView() {
  revision.value;
  const t = words.value;
  const isCompact = rooms.value.length > COMPACT_ABOVE;
  return (
    <section class="view" aria-label={t.nav.rooms}>
      <HouseMean />
      {rooms.value.length === 0 ? (
        <p class="empty">{t.rooms.none}</p>
      ) : (
        <div class={`cards ${isCompact ? 'is-compact' : ''}`}>
          {rooms.value.map((room) => (
            <Card
              key={room.name}
              facts={factsOf(room, now.value)}
              language={language.value}
              isCompact={isCompact}
              onForget={mayForget.value ? forgetRoom : undefined}
            />
          ))}
        </div>
      )}
      {house.ignoredCount + (house.record?.omittedRooms ?? 0) > 0 && <p class="note">{t.rooms.tooMany(rooms.value.length)}</p>}
    </section>
  );
}
