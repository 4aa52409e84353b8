// Messages on their way: the picture with its nodes, the controls, and the journal of what was seen on the wire.

import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { listen } from '../live/events.js';
import { config, pageClientId, rooms } from '../live/store.js';
import { Flow, type TravelKind } from '../model/flow.js';
import { Icon } from '../parts/icon.js';
import { Segmented } from '../parts/segmented.js';
import { words } from '../words/words.js';
import { FlowCanvas } from './flow-canvas.js';
import { FlowNodes, placeNodes } from './flow-nodes.js';
import { Journal } from './journal.js';

const KINDS: readonly TravelKind[] = ['publish', 'delivery', 'ack', 'duplicate', 'retained', 'will'];

/** Milliseconds from node to node. */
const PACES = { live: 900, slow: 3_000 } as const;

/** Lines of the journal. */
const JOURNAL_LINES = 24;

/** The figures and the journal follow at this pace. */
const SHOW_EVERY_MS = 400;

export function FlowView() {
  const t = words.value;
  const prefix = config.value?.prefix ?? '';
  const flow = useMemo(() => new Flow(prefix), [prefix]);
  const picture = useRef<HTMLDivElement>(null);
  const canvas = useRef<FlowCanvas | undefined>(undefined);
  const room = useSignal<string | undefined>(undefined);
  const pace = useSignal<keyof typeof PACES>('live');
  const isPaused = useSignal(false);
  const shown = useSignal(0);

  useEffect(() => {
    const element = picture.current as HTMLDivElement;
    const drawing = new FlowCanvas(element.querySelector('canvas') as HTMLCanvasElement);
    canvas.current = drawing;
    const close = listen(['broker'], {
      clients: ({ clients }) => flow.takeClients(clients),
      broker: ({ events, lost }) => {
        if (!isPaused.peek()) drawing.add(flow.take(events, lost, room.peek()));
      },
    });
    const timer = window.setInterval(() => {
      shown.value++;
    }, SHOW_EVERY_MS);
    const observer = new ResizeObserver(() => placeNodes(element, drawing));
    observer.observe(element);
    return () => {
      close();
      clearInterval(timer);
      observer.disconnect();
      drawing.stop();
    };
  }, [flow]);

  useEffect(() => {
    if (canvas.current) canvas.current.hopMs = PACES[pace.value];
  }, [pace.value]);

  useEffect(() => {
    if (picture.current && canvas.current) placeNodes(picture.current, canvas.current);
  }, [flow.clients.size, flow.topics.length, shown.value]);

  const togglePause = () => {
    isPaused.value = !isPaused.value;
    if (canvas.current) canvas.current.isPaused = isPaused.value;
  };

  return (
    <>
      <div class="toolbar">
        <label class="field is-inline">
          <span>{t.flow.follow}</span>
          <select
            value={room.value ?? ''}
            onChange={(event) => {
              room.value = event.currentTarget.value === '' ? undefined : event.currentTarget.value;
              flow.journal.length = 0;
            }}
          >
            <option value="">{t.flow.everything}</option>
            {rooms.value.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Segmented
          label={t.flow.pace}
          value={pace.value}
          choices={(['live', 'slow'] as const).map((value) => ({ value, label: t.flow.paces[value] }))}
          onChoose={(value) => {
            pace.value = value;
          }}
        />
        <button type="button" class="button" aria-pressed={isPaused.value} onClick={togglePause}>
          <Icon name={isPaused.value ? 'play' : 'pause'} />
          {isPaused.value ? t.flow.resume : t.flow.pause}
        </button>
      </div>
      <ul class="legend">
        {KINDS.map((kind) => (
          <li key={kind} class={`legend-entry is-${kind}`}>
            <span class="dot" aria-hidden="true" />
            {t.flow.kinds[kind]} <b>{t.format.whole(flow.counts[kind])}</b>
          </li>
        ))}
      </ul>
      <div class="flow" ref={picture}>
        <FlowNodes flow={flow} shown={shown.value} pageClient={pageClientId()} rooms={rooms.value} />
        <canvas class="flow-canvas" />
      </div>
      {(canvas.current?.skippedCount ?? 0) + flow.lostCount > 0 && (
        <p class="note">{t.flow.unseen((canvas.current?.skippedCount ?? 0) + flow.lostCount)}</p>
      )}
      <Journal events={flow.journal.slice(-JOURNAL_LINES)} />
    </>
  );
}
