// How MQTT works: the messages on their way, the tree of topics, and a place to try filters and messages.

import { config } from '../live/store.js';
import { goTo, route } from '../parts/route.js';
import { words } from '../words/words.js';
import { FlowView } from './flow-view.js';
import { SandboxView } from './sandbox-view.js';
import { TreeView } from './tree-view.js';

const PARTS = ['flow', 'tree', 'sandbox'] as const;

export function MqttView() {
  const t = words.value;
  const hasFlow = config.value?.hasBrokerEvents === true;
  const parts = PARTS.filter((part) => hasFlow || part !== 'flow');
  const part = parts.find((part) => route.value.part === part) ?? (parts[0] as (typeof PARTS)[number]);
  return (
    <section class="view" aria-label={t.nav.mqtt}>
      <nav class="tabs" aria-label={t.nav.mqtt}>
        {parts.map((each) => (
          <a key={each} href={goTo('mqtt', each)} aria-current={each === part ? 'page' : undefined}>
            {t.mqtt.parts[each]}
          </a>
        ))}
      </nav>
      <p class="lead">{t.mqtt.leads[part]}</p>
      {!hasFlow && part === 'tree' && <p class="note">{t.mqtt.otherBroker}</p>}
      {part === 'flow' && <FlowView />}
      {part === 'tree' && <TreeView />}
      {part === 'sandbox' && <SandboxView />}
    </section>
  );
}
