// The nodes of the picture: who sends, the broker with its topics, who listens. Where they lie is measured for the canvas.

import {
  type Flow,
  type FlowClient,
  LISTENERS_SHOWN,
  OTHER_LISTENERS,
  OTHER_SENDERS,
  OTHER_TOPICS,
  SENDERS_SHOWN,
  TOPICS_SHOWN,
} from '../model/flow.js';
import { shorten, visible } from '../model/preview.js';
import type { Room } from '../model/room.js';
import { words } from '../words/words.js';
import type { Anchor, FlowCanvas } from './flow-canvas.js';

interface Props {
  readonly flow: Flow;
  /** Goes up when the flow has changed: the flow itself stays the same object. */
  readonly shown: number;
  readonly pageClient: string;
  readonly rooms: readonly Room[];
}

/** Narrower than this, the columns stand one below the other. */
const LEAST_WIDTH = 640;

export function FlowNodes({ flow, pageClient, rooms }: Props) {
  const t = words.value.flow;
  const [senders, listeners] = [flow.senders(), flow.listeners()];
  const others = (count: number, node: string) => count > 0 && <Node node={node} title={t.others(count)} detail="" />;
  const client = (known: FlowClient) => {
    const room = rooms.find(({ virtual, info }) => {
      const station = virtual?.station ?? info?.station;
      return station !== undefined && station !== '' && known.client.includes(station);
    });
    const title = known.client === pageClient ? t.thisPage : (room?.name ?? known.client);
    return (
      <Node
        key={known.client}
        node={`client/${known.client}`}
        title={title}
        detail={title === known.client ? known.filters.join('  ') : known.client}
        colour={room?.colour}
        isGone={!known.isConnected}
      />
    );
  };
  return (
    <div class="flow-columns">
      <section class="flow-column" aria-label={t.senders}>
        <h2 class="flow-title">{t.senders}</h2>
        {senders.slice(0, SENDERS_SHOWN).map(client)}
        {others(senders.length - SENDERS_SHOWN, OTHER_SENDERS)}
      </section>
      <section class="flow-column is-broker" aria-label={t.broker}>
        <h2 class="flow-title">{t.broker}</h2>
        {flow.topics.map((topic) => (
          <div key={topic} class="topic-chip" data-node={`topic/${topic}`}>
            <bdi>{shorten(visible(topic), 48)}</bdi>
          </div>
        ))}
        {flow.topics.length >= TOPICS_SHOWN && (
          <div class="topic-chip is-others" data-node={OTHER_TOPICS}>
            {t.otherTopics}
          </div>
        )}
      </section>
      <section class="flow-column" aria-label={t.listeners}>
        <h2 class="flow-title">{t.listeners}</h2>
        {listeners.slice(0, LISTENERS_SHOWN).map(client)}
        {others(listeners.length - LISTENERS_SHOWN, OTHER_LISTENERS)}
      </section>
    </div>
  );
}

interface NodeProps {
  readonly node: string;
  readonly title: string;
  readonly detail: string;
  readonly colour?: number | undefined;
  readonly isGone?: boolean;
}

function Node({ node, title, detail, colour, isGone = false }: NodeProps) {
  return (
    <div class={`flow-node ${colour === undefined ? '' : `colour-${colour}`} ${isGone ? 'is-gone' : ''}`} data-node={node}>
      <b>
        <bdi>{shorten(visible(title), 32)}</bdi>
      </b>
      {detail !== '' && <small>{shorten(visible(detail), 48)}</small>}
    </div>
  );
}

/** Tells the canvas where the nodes lie. */
export function placeNodes(picture: HTMLElement, canvas: FlowCanvas): void {
  const frame = picture.getBoundingClientRect();
  const isVertical = frame.width < LEAST_WIDTH;
  const anchors = new Map<string, Anchor>();
  for (const element of picture.querySelectorAll<HTMLElement>('[data-node]')) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2 - frame.left, (top + bottom) / 2 - frame.top];
    const anchor: Anchor = isVertical
      ? { in: [x, top - frame.top], out: [x, bottom - frame.top] }
      : { in: [left - frame.left, y], out: [right - frame.left, y] };
    anchors.set(element.dataset['node'] as string, anchor);
  }
  canvas.place(anchors, isVertical);
}
