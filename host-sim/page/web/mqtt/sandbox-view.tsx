// The place to try things: a filter and the topics that it takes, with the reason; subscribing; publishing.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { BrokerClient } from '../live/broker-client.js';
import type { BrokerError } from '../live/connection.js';
import { config, connect } from '../live/store.js';
import { say } from '../live/toast.js';
import type { Message, QoS } from '../model/message.js';
import { preview } from '../model/preview.js';
import { filterFault } from '../model/topic-rules.js';
import { words } from '../words/words.js';
import { FaultNote } from './fault-note.js';
import { FilterMatches } from './filter-matches.js';
import { PublishForm } from './publish-form.js';
import { QosChoice } from './qos-choice.js';
import { Received, type ReceivedLine } from './received.js';

/** Subscriptions that the page keeps at once. */
const SUBSCRIPTIONS_MAXIMUM = 10;

const LINES_MAXIMUM = 30;

export interface Subscription {
  readonly filter: string;
  readonly qos: number;
}

export function SandboxView() {
  const t = words.value.sandbox;
  const prefix = config.value?.prefix ?? 'maison';
  const filter = useSignal(`${prefix}/+/temperature`);
  const qos = useSignal<QoS>(1);
  const subscriptions = useSignal<readonly Subscription[]>([]);
  const received = useSignal<readonly ReceivedLine[]>([]);
  const client = useRef<BrokerClient | undefined>(undefined);
  const fault = filterFault(filter.value);
  const examples = [
    `${prefix}/+/temperature`,
    `${prefix}/#`,
    `${prefix}/salon/#`,
    '+/+/status',
    '#',
    `${prefix}/sal+/x`,
    `${prefix}/#/status`,
  ];

  // A client of its own: what it receives, with which QoS and which retain, is what a student's would.
  useEffect(() => {
    const onMessage = ({ payload, bytes, ...message }: Message) => {
      const number = (received.value[0]?.number ?? 0) + 1;
      const line = { ...message, number, at: Date.now() / 1000, text: preview(payload, 60) };
      received.value = [line, ...received.value].slice(0, LINES_MAXIMUM);
    };
    client.current = connect('sandbox', { onState: () => {}, onMessage });
    return () => client.current?.end();
  }, []);

  const subscribe = async () => {
    const wanted = filter.value;
    try {
      const granted = (await client.current?.subscribe(wanted, qos.value)) ?? qos.value;
      const others = subscriptions.value.filter(({ filter }) => filter !== wanted);
      subscriptions.value = [...others, { filter: wanted, qos: granted }].slice(-SUBSCRIPTIONS_MAXIMUM);
    } catch (error) {
      say(t.notSubscribed(t.problems[(error as BrokerError).problem]));
    }
  };
  const unsubscribe = async (unwanted: string) => {
    subscriptions.value = subscriptions.value.filter(({ filter }) => filter !== unwanted);
    await client.current?.unsubscribe(unwanted).catch(() => {});
  };

  return (
    <div class="sandbox">
      <section class="panel">
        <h2>{t.filterTitle}</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!fault) void subscribe();
          }}
        >
          <label class="field">
            <span>{t.filter}</span>
            <input
              class="mono"
              value={filter.value}
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              aria-invalid={fault !== undefined}
              aria-describedby="filter-fault"
              onInput={(event) => {
                filter.value = event.currentTarget.value;
              }}
            />
          </label>
          <p class="examples">
            {examples.map((example) => (
              <button
                type="button"
                key={example}
                class="example"
                onClick={() => {
                  filter.value = example;
                }}
              >
                {example}
              </button>
            ))}
          </p>
          <FaultNote id="filter-fault" text={filter.value} fault={fault} />
          <div class="toolbar">
            <QosChoice qos={qos} />
            <button type="submit" class="button is-main" disabled={fault !== undefined}>
              {t.subscribe}
            </button>
          </div>
        </form>
        {!fault && <FilterMatches filter={filter.value} />}
      </section>
      <div class="sandbox-side">
        <Received subscriptions={subscriptions.value} lines={received.value} onUnsubscribe={unsubscribe} />
        {config.value && <PublishForm settings={config.value} client={client} />}
      </div>
    </div>
  );
}
