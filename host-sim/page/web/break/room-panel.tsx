// One virtual room to break: its Wi-Fi, its sensor, its power; and what becomes of its readings.

import type { VirtualRoom } from '../../api.js';
import { roomPath } from '../live/api.js';
import { request } from '../live/teacher.js';
import { Icon } from '../parts/icon.js';
import { Switch } from '../parts/switch.js';
import { words } from '../words/words.js';

/** Where the gauge is full. */
const GAUGE_READINGS = 60;

export function RoomPanel({ room }: { readonly room: VirtualRoom }) {
  const t = words.value.break;
  const { format } = words.value;
  const { room: name, link, isSensorPlugged, buffered, acknowledged, dropped, reconnects } = room;
  return (
    <article class={`card break-room is-${link}`} data-break={name}>
      <h3 class="card-name">
        <bdi>{name}</bdi>
      </h3>
      <p class="state-line">
        <span class={`lamp is-${link}`} aria-hidden="true" />
        {t.links[link]}
      </p>
      <div class="switches">
        <Switch label="Wi-Fi" isOn={link !== 'wifi-cut'} onSwitch={(isUp) => request(roomPath(name, 'wifi'), { isUp })} />
        <Switch
          label={t.sensor}
          isOn={isSensorPlugged}
          onSwitch={(isPlugged) => request(roomPath(name, 'sensor'), { isPlugged })}
        />
      </div>
      <div class="buffer">
        <span class="buffer-label">{t.buffered}</span>
        <b class="buffer-count">{format.whole(buffered)}</b>
        <meter class="gauge" min={0} max={GAUGE_READINGS} value={Math.min(buffered, GAUGE_READINGS)} aria-label={t.buffered} />
      </div>
      <p class="note">{t.record(acknowledged, dropped, reconnects)}</p>
      <button type="button" class="button is-quiet" onClick={() => request(roomPath(name, 'power'), {})}>
        <Icon name="break" />
        {t.power}
      </button>
    </article>
  );
}
