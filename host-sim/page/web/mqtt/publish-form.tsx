// Publishes a message from the page, with QoS and retain.

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { Config } from '../../api.js';
import { roomPath } from '../live/api.js';
import type { BrokerClient } from '../live/broker-client.js';
import type { BrokerError } from '../live/connection.js';
import { isLocked } from '../live/store.js';
import { request } from '../live/teacher.js';
import { say } from '../live/toast.js';
import { commandOf } from '../model/contract.js';
import type { QoS } from '../model/message.js';
import { topicFault } from '../model/topic-rules.js';
import { Switch } from '../parts/switch.js';
import { words } from '../words/words.js';
import { FaultNote } from './fault-note.js';
import { QosChoice } from './qos-choice.js';

interface Props {
  readonly settings: Config;
  readonly client: RefObject<BrokerClient | undefined>;
}

export function PublishForm({ settings, client }: Props) {
  const { prefix, template, needsKey } = settings;
  const t = words.value.sandbox;
  const topic = useSignal(`${prefix}/essai/temperature`);
  const payload = useSignal('21.5');
  const qos = useSignal<QoS>(1);
  const isRetained = useSignal(false);
  const fault = topicFault(topic.value);

  /** In a class the broker takes commands from nobody but the page's server, and that asks for the teacher's key. */
  const command = needsKey ? commandOf(topic.value, prefix, template) : undefined;

  const publish = async () => {
    if (command) {
      const path = roomPath(command.room, `command/${encodeURIComponent(command.name)}`);
      if (await request(path, { payload: payload.value })) say(t.published(topic.value));
      return;
    }
    try {
      await client.current?.publish(topic.value, payload.value, qos.value, isRetained.value);
      say(t.published(topic.value));
    } catch (error) {
      say(t.notPublished(t.problems[(error as BrokerError).problem]));
    }
  };

  return (
    <form
      class="panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fault) void publish();
      }}
    >
      <h2>{t.publishTitle}</h2>
      {isLocked.value && <p class="note is-warning">{t.locked}</p>}
      <label class="field">
        <span>{t.topic}</span>
        <input
          class="mono"
          value={topic.value}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-invalid={fault !== undefined}
          aria-describedby="topic-fault"
          onInput={(event) => {
            topic.value = event.currentTarget.value;
          }}
        />
      </label>
      <FaultNote id="topic-fault" text={topic.value} fault={fault} />
      <label class="field">
        <span>{t.payload}</span>
        <input
          class="mono"
          value={payload.value}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => {
            payload.value = event.currentTarget.value;
          }}
        />
      </label>
      <div class="toolbar">
        <QosChoice qos={qos} />
        <Switch
          label={t.retain}
          isOn={isRetained.value}
          onSwitch={(isOn) => {
            isRetained.value = isOn;
          }}
        />
        <button type="submit" class="button is-main" disabled={fault !== undefined || (isLocked.value && !command)}>
          {t.publish}
        </button>
      </div>
      {isRetained.value && <p class="note">{payload.value === '' ? t.clearsRetained : t.retainMeans}</p>}
    </form>
  );
}
