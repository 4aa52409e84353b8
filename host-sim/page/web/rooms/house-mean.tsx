// The mean of the house: of the rooms that are heard, with the names of those that are not.

import { config, house, revision } from '../live/store.js';
import { words } from '../words/words.js';

/** Names shown of the rooms that are left out. */
const NAMES_SHOWN = 6;

export function HouseMean() {
  revision.value;
  const { rooms, format } = words.value;
  const { record } = house;
  const silent = record?.silent ?? [];
  const count = record?.rooms.length ?? 0;
  const { temperature, humidity } = record?.mean ?? { temperature: null, humidity: null };
  return (
    <header class="house">
      <h2 class="house-title">{rooms.house}</h2>
      <p class="house-values">
        <span class="house-temperature">
          {temperature === null ? '–' : format.decimal(temperature)}
          <small> °C</small>
        </span>
        <span class="house-humidity">
          {humidity === null ? '–' : format.decimal(humidity)}
          <small> %</small>
        </span>
      </p>
      <p class="house-note">
        {count > 0 && rooms.houseMean(count - silent.length, count, config.value?.windowSeconds ?? 60)}
        {silent.length > 0 && (
          <span class="house-silent">
            {rooms.leftOut}{' '}
            {silent.slice(0, NAMES_SHOWN).map((name, index) => (
              <span key={name}>
                {index > 0 && ', '}
                <bdi>{name}</bdi>
              </span>
            ))}
            {silent.length > NAMES_SHOWN && ` ${rooms.more(silent.length - NAMES_SHOWN)}`}
          </span>
        )}
      </p>
    </header>
  );
}
