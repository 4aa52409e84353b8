// Takes the readings home: period, rooms, decimal mark, and a file.

import { useSignal } from '@preact/signals';
import { house, now, revision, rooms } from '../live/store.js';
import { RoomChips } from '../parts/room-chips.js';
import { Segmented } from '../parts/segmented.js';
import { language, words } from '../words/words.js';
import { exportAddress } from './export-address.js';

const PERIODS = [3600, 86_400, 7 * 86_400, 0] as const;

type Decimal = 'point' | 'comma';

export function ExportView() {
  revision.value;
  const t = words.value;
  /** Seconds back from now; 0: everything; `undefined`: from one time to another. */
  const period = useSignal<number | undefined>(3600);
  const from = useSignal('');
  const to = useSignal('');
  const chosen = useSignal<ReadonlySet<string> | undefined>(undefined);
  const decimal = useSignal<Decimal | undefined>(undefined);
  const mark = decimal.value ?? (language.value === 'fr' ? 'comma' : 'point');
  const counts = house.record?.counts;
  const wanted = {
    from:
      period.value === undefined
        ? epochOf(from.value)
        : period.value === 0
          ? undefined
          : Math.floor(now.value / 60) * 60 - period.value,
    to: period.value === undefined ? epochOf(to.value) : undefined,
    rooms: chosen.value === undefined ? [] : [...chosen.value],
  };
  const isBackwards = wanted.from !== undefined && wanted.to !== undefined && wanted.from >= wanted.to;

  return (
    <section class="view" aria-label={t.nav.data}>
      <p class="lead">{t.data.lead}</p>
      <div class="panel">
        <h2>{t.chart.period}</h2>
        <Segmented
          label={t.chart.period}
          value={period.value ?? -1}
          choices={[
            ...PERIODS.map((value) => ({ value: value as number, label: value === 0 ? t.data.everything : t.chart.span(value) })),
            { value: -1, label: t.data.fromTo },
          ]}
          onChoose={(value) => {
            period.value = value < 0 ? undefined : value;
          }}
        />
        {period.value === undefined && (
          <div class="toolbar">
            <Moment label={t.data.from} value={from} />
            <Moment label={t.data.to} value={to} />
          </div>
        )}
        {isBackwards && <p class="fault">{t.data.backwards}</p>}
        <h2>{t.chart.rooms}</h2>
        <RoomChips
          rooms={rooms.value}
          chosen={chosen.value}
          onChoose={(names) => {
            chosen.value = names;
          }}
        />
        <h2>{t.data.decimal}</h2>
        <Segmented
          label={t.data.decimal}
          value={mark}
          choices={(['comma', 'point'] as const).map((value) => ({ value, label: t.data.decimals[value] }))}
          onChoose={(value) => {
            decimal.value = value;
          }}
        />
        {!isBackwards && (
          <div class="buttons">
            <a class="button is-main" href={exportAddress('csv', { ...wanted, decimal: mark })} download>
              {t.data.csv}
            </a>
            <a class="button" href={exportAddress('json', wanted)} download>
              JSON
            </a>
          </div>
        )}
      </div>
      {counts && <p class="note">{t.data.counts(counts)}</p>}
    </section>
  );
}

function Moment({ label, value }: { readonly label: string; readonly value: { value: string } }) {
  return (
    <label class="field is-inline">
      <span>{label}</span>
      <input
        type="datetime-local"
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

/** Local time, as the field gives it, in epoch seconds; `undefined` while it is not filled in. */
function epochOf(local: string): number | undefined {
  const milliseconds = new Date(local).getTime();
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
