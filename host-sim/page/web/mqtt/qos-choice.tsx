// The choice of the quality of service, with what it promises.

import type { Signal } from '@preact/signals';
import type { QoS } from '../model/message.js';
import { Segmented } from '../parts/segmented.js';
import { words } from '../words/words.js';

export function QosChoice({ qos }: { readonly qos: Signal<QoS> }) {
  const { qosMeanings } = words.value.sandbox;
  return (
    <div class="qos">
      <Segmented
        label="QoS"
        value={qos.value}
        choices={([0, 1, 2] as const).map((value) => ({ value, label: `QoS ${value}` }))}
        onChoose={(value) => {
          qos.value = value;
        }}
      />
      <small>{qosMeanings[qos.value]}</small>
    </div>
  );
}
