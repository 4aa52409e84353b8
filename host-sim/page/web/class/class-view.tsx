// For a class: where the page is found, the teacher's key, and the lock on publishing.

import { config, isLocked } from '../live/store.js';
import { key, needsKey, request, takeKey } from '../live/teacher.js';
import { Switch } from '../parts/switch.js';
import { words } from '../words/words.js';
import { KeyForm } from './key-form.js';

export function ClassView() {
  const t = words.value.class;
  const settings = config.value;
  if (!settings) return null;
  return (
    <section class="view" aria-label={words.value.nav.class}>
      <div class="class">
        {settings.address === null ? (
          <p class="lead">{t.onlyHere}</p>
        ) : (
          <figure class="address">
            <img class="qr" src="/api/address.svg" alt={t.qr} width="320" height="320" />
            <figcaption>
              <span>{t.open}</span>
              <b class="address-text">{settings.address}</b>
            </figcaption>
          </figure>
        )}
        <div class="class-side">
          <section class="panel">
            <h2>{t.broker}</h2>
            <p class="mono">{settings.mqtt.broker}</p>
            <p class="note">{settings.mqtt.needsLogin ? t.needsLogin : t.noLogin}</p>
          </section>
          {settings.isLan && settings.hasBrokerEvents && !needsKey.value && (
            <section class="panel">
              <h2>{t.lock}</h2>
              <Switch
                label={isLocked.value ? t.isLocked : t.isOpen}
                isOn={isLocked.value}
                onSwitch={(on) => request('/api/lock', { isLocked: on })}
              />
              <p class="note">{t.lockHint}</p>
            </section>
          )}
          {needsKey.value && <KeyForm reason={t.keyHint} />}
          {key.value !== '' && (
            <section class="panel">
              <h2>{t.key}</h2>
              <p>{t.hasKey}</p>
              <button type="button" class="button" onClick={() => takeKey('')}>
                {t.dropKey}
              </button>
            </section>
          )}
        </div>
      </div>
    </section>
  );
}
