// The head of the page: its name, the ways to go, how the broker is, language and light.

import { brokerState, config, serverIsUp } from '../live/store.js';
import { chooseLanguage, language, words } from '../words/words.js';
import { Icon } from './icon.js';
import { goTo, route, VIEWS } from './route.js';
import { chooseTheme, theme } from './theme.js';

export function Header() {
  const t = words.value;
  const settings = config.value;
  const views = VIEWS.filter((view) => view !== 'break' || settings?.canBreak === true);
  const nextTheme = theme.value === 'dark' ? 'light' : 'dark';
  const nextLanguage = language.value === 'fr' ? 'en' : 'fr';
  return (
    <header class="head">
      <a class="brand" href={goTo('rooms')}>
        <img src="/icon.svg" alt="" width="32" height="32" />
        <span>station-météo</span>
      </a>
      <nav class="ways" aria-label={t.nav.title}>
        {views.map((view) => (
          <a key={view} href={goTo(view)} aria-current={view === route.value.view ? 'page' : undefined}>
            <Icon name={view} />
            <span>{t.nav[view]}</span>
          </a>
        ))}
      </nav>
      <div class="head-side">
        <Connection />
        <button
          type="button"
          class="icon-button"
          aria-label={`${nextLanguage.toUpperCase()} – ${t.otherLanguage}`}
          lang={nextLanguage}
          onClick={() => chooseLanguage(nextLanguage)}
        >
          <b class="language">{nextLanguage.toUpperCase()}</b>
        </button>
        <button type="button" class="icon-button" aria-label={t.themes[nextTheme]} onClick={() => chooseTheme(nextTheme)}>
          <Icon name={nextTheme === 'dark' ? 'moon' : 'sun'} />
        </button>
      </div>
    </header>
  );
}

function Connection() {
  const t = words.value.connection;
  const state = serverIsUp.value ? brokerState.value : 'no-server';
  return (
    <p class={`connection is-${state}`} role="status" data-connection={state}>
      <span class="lamp" aria-hidden="true" />
      <span>{t[state]}</span>
    </p>
  );
}
