// The chart: chosen rooms over a period, live or held still, with the values under the cursor.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { now, revision, rooms } from '../live/store.js';
import type { Room } from '../model/room.js';
import type { QuantityName, Sample } from '../model/series.js';
import { RoomChips } from '../parts/room-chips.js';
import { Segmented } from '../parts/segmented.js';
import { words } from '../words/words.js';
import { CursorTable } from './cursor-table.js';
import { HistoryLoader } from './history-loader.js';
import { Plot } from './plot.js';
import { back, isLive, type Period, pan, range, showLast, span, zoom } from './range.js';

const SPANS = [300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400];

type Choice = QuantityName | 'both';

const loader = new HistoryLoader();

export function ChartView() {
  const t = words.value;
  const choice = useSignal<Choice>('temperature');
  const chosen = useSignal<ReadonlySet<string> | undefined>(undefined);
  /** Epoch seconds under the cursor. */
  const cursor = useSignal<number | undefined>(undefined);
  revision.value;
  const period = range(now.value);
  useEffect(() => loader.follow(period, isLive.value));
  const shown = rooms.value.filter(({ name }) => chosen.value === undefined || chosen.value.has(name));
  const quantities: QuantityName[] = choice.value === 'both' ? ['temperature', 'humidity'] : [choice.value];
  return (
    <section class="view chart-view" aria-label={t.nav.chart}>
      <div class="toolbar">
        <Segmented
          label={t.chart.quantity}
          value={choice.value}
          choices={(['temperature', 'humidity', 'both'] as const).map((value) => ({ value, label: t.chart.quantities[value] }))}
          onChoose={(value) => {
            choice.value = value;
          }}
        />
        <Segmented
          label={t.chart.period}
          value={isLive.value ? span.value : undefined}
          choices={SPANS.map((seconds) => ({ value: seconds, label: t.chart.span(seconds) }))}
          onChoose={showLast}
        />
        {!isLive.value && (
          <button type="button" class="button" onClick={back}>
            {t.chart.backToLive}
          </button>
        )}
      </div>
      <RoomChips
        rooms={rooms.value}
        chosen={chosen.value}
        onChoose={(names) => {
          chosen.value = names;
        }}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is worked with keys */}
      <section class="plots" tabIndex={0} aria-label={t.chart.keys} onKeyDown={(event) => onKey(event, period)}>
        {quantities.map((quantity) => (
          <Plot
            key={quantity}
            quantity={quantity}
            rooms={shown}
            period={period}
            history={loader.history.value}
            isSmall={quantities.length > 1}
            onCursor={(time) => {
              cursor.value = time;
            }}
          />
        ))}
      </section>
      <p class="note">
        <span class="ring" aria-hidden="true" /> {t.chart.backfilled(backfilledIn(shown, period))} · {t.chart.help}
      </p>
      <CursorTable rooms={shown} time={cursor.value} history={loader.history.value} />
    </section>
  );
}

/** Readings in the period that the page has seen come late. */
function backfilledIn(rooms: readonly Room[], { from, to }: Period): number {
  const isLate = ({ isBackfill, time }: Sample) => isBackfill && time <= to;
  return rooms.reduce((sum, { series }) => sum + series.since(from).filter(isLate).length, 0);
}

function onKey(event: KeyboardEvent, period: Period): void {
  const actions: Record<string, () => void> = {
    '+': () => zoom(period, 0.5),
    '-': () => zoom(period, 2),
    ArrowLeft: () => pan(period, -0.25),
    ArrowRight: () => pan(period, 0.25),
    Escape: back,
  };
  const action = actions[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
}
