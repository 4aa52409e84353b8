// Break things, and watch how nothing is lost: the broker, the weather, each virtual room.

import { useSignal } from '@preact/signals';
import { KeyForm } from '../class/key-form.js';
import { revision, simulator } from '../live/store.js';
import { key, needsKey, request } from '../live/teacher.js';
import { words } from '../words/words.js';
import { BrokerPanel } from './broker-panel.js';
import { RoomPanel } from './room-panel.js';
import { WeatherPanel } from './weather-panel.js';

/** Rooms that are shown at once; the others are found by their name. */
const ROOMS_SHOWN = 30;

export function BreakView() {
  revision.value;
  key.value;
  const t = words.value;
  const state = simulator.value;
  const added = useSignal('');
  const wanted = useSignal('');
  if (needsKey.value) return <KeyForm reason={t.break.needsKey} />;
  if (!state) return <p class="empty">{t.break.waiting}</p>;
  const found = state.rooms.filter(({ room }) => room.includes(wanted.value));
  return (
    <section class="view" aria-label={t.nav.break}>
      <p class="lead">{t.break.lead}</p>
      <div class="panels">
        {state.broker.isEmbedded && <BrokerPanel isUp={state.broker.isUp} />}
        <WeatherPanel weather={state.weather} />
        <form
          class="panel"
          onSubmit={async (event) => {
            event.preventDefault();
            if (await request('/api/rooms', { room: added.value })) added.value = '';
          }}
        >
          <h2>{t.break.addTitle}</h2>
          <label class="field">
            <span>{t.break.roomName}</span>
            <input
              value={added.value}
              required
              pattern="[^+#\/$][^+#\/]*"
              maxLength={64}
              autocomplete="off"
              onInput={(event) => {
                added.value = event.currentTarget.value;
              }}
            />
          </label>
          <button type="submit" class="button">
            {t.break.add}
          </button>
        </form>
      </div>
      {state.rooms.length > ROOMS_SHOWN && (
        <label class="field is-inline">
          <span>{t.break.find}</span>
          <input
            type="search"
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <div class="cards">
        {found.slice(0, ROOMS_SHOWN).map((room) => (
          <RoomPanel key={room.room} room={room} />
        ))}
      </div>
      {found.length > ROOMS_SHOWN && <p class="note">{t.rooms.more(found.length - ROOMS_SHOWN)}</p>}
    </section>
  );
}
