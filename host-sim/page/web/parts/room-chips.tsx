// Chooses rooms: all of them, or those whose chips are pressed.

import type { Room } from '../model/room.js';
import { words } from '../words/words.js';

interface Props {
  readonly rooms: readonly Room[];
  /** Names of the rooms; `undefined`: all. */
  readonly chosen: ReadonlySet<string> | undefined;
  onChoose(chosen: ReadonlySet<string> | undefined): void;
}

export function RoomChips({ rooms, chosen, onChoose }: Props) {
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChoose(next.size === 0 ? undefined : next);
  };
  return (
    <fieldset class="chips">
      <legend class="unseen">{words.value.chart.rooms}</legend>
      <button type="button" class="chip" aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
        {words.value.chart.allRooms}
      </button>
      {rooms.map(({ name, colour }) => (
        <button
          type="button"
          key={name}
          class={`chip colour-${colour}`}
          aria-pressed={chosen?.has(name) ?? false}
          onClick={() => toggle(name)}
        >
          <span class="swatch" aria-hidden="true" />
          <bdi class="chip-name">{name}</bdi>
        </button>
      ))}
    </fieldset>
  );
}
