// Stops the embedded broker, with or without its memory, and starts it again.

import { request } from '../live/teacher.js';
import { words } from '../words/words.js';

export function BrokerPanel({ isUp }: { readonly isUp: boolean }) {
  const t = words.value.break;
  return (
    <section class={`panel ${isUp ? '' : 'is-broken'}`}>
      <h2>{t.broker}</h2>
      <p class="state-line">
        <span class={`lamp ${isUp ? 'is-on' : 'is-off'}`} aria-hidden="true" />
        {isUp ? t.brokerUp : t.brokerDown}
      </p>
      {isUp ? (
        <div class="buttons">
          <button type="button" class="button" onClick={() => request('/api/broker', { isUp: false, keepsSessions: true })}>
            {t.stopKeeping}
          </button>
          <button
            type="button"
            class="button is-danger"
            onClick={() => request('/api/broker', { isUp: false, keepsSessions: false })}
          >
            {t.stopForgetting}
          </button>
        </div>
      ) : (
        <button type="button" class="button is-main" onClick={() => request('/api/broker', { isUp: true })}>
          {t.startBroker}
        </button>
      )}
      <p class="note">{isUp ? t.brokerHint : t.brokerDownHint}</p>
    </section>
  );
}
