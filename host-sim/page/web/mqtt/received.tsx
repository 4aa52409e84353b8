// The subscriptions of the sandbox, and the last messages that they brought.

import type { Message } from '../model/message.js';
import { shorten, visible } from '../model/preview.js';
import { Icon } from '../parts/icon.js';
import { words } from '../words/words.js';
import type { Subscription } from './sandbox-view.js';

export interface ReceivedLine extends Omit<Message, 'payload' | 'bytes'> {
  /** Counts from 1. */
  readonly number: number;
  /** Arrival, epoch seconds. */
  readonly at: number;
  readonly text: string;
}

interface Props {
  readonly subscriptions: readonly Subscription[];
  /** The newest first. */
  readonly lines: readonly ReceivedLine[];
  onUnsubscribe(filter: string): void;
}

export function Received({ subscriptions, lines, onUnsubscribe }: Props) {
  const t = words.value;
  return (
    <section class="panel">
      <h2>{t.sandbox.subscriptions}</h2>
      {subscriptions.length === 0 && <p class="note">{t.sandbox.noSubscription}</p>}
      <ul class="subscriptions">
        {subscriptions.map(({ filter, qos }) => (
          <li key={filter} class="subscription">
            <code>{shorten(visible(filter), 48)}</code>
            <small>QoS {qos}</small>
            <button
              type="button"
              class="icon-button"
              aria-label={t.sandbox.unsubscribe(filter)}
              onClick={() => onUnsubscribe(filter)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {lines[0] && <p class="note">{t.sandbox.received(lines[0].number)}</p>}
      <ul class="received">
        {lines.map(({ number, at, topic, text, qos, isRetained, isDuplicate }) => (
          <li key={number}>
            <small>{t.format.clock(at)}</small> <code>{shorten(visible(topic), 60)}</code> <b>{text}</b>{' '}
            <small>
              QoS {qos}
              {isRetained && ' · retain'}
              {isDuplicate && ' · DUP'}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
