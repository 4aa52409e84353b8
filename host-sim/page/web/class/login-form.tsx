// Asks for the login of the broker, where it wants one.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { post, RequestError } from '../live/api.js';
import { brokerState, config, follow } from '../live/store.js';
import { words } from '../words/words.js';

/** Kept while the browser's tab is open, so that a reload asks nothing. */
const STORAGE_KEY = 'broker-login';

export function LoginForm() {
  const t = words.value;
  const user = useSignal('');
  const password = useSignal('');
  const fault = useSignal('');

  const enter = async (login: { user: string; password: string }) => {
    fault.value = '';
    try {
      if (config.peek()?.needsLogin) await post('/api/login', login);
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify(login));
      follow(login);
    } catch (error) {
      sessionStorage.removeItem(STORAGE_KEY);
      fault.value = error instanceof RequestError ? (t.errors[error.code] ?? error.message) : String(error);
    }
  };

  useEffect(() => {
    const remembered = sessionStorage.getItem(STORAGE_KEY);
    if (remembered !== null && brokerState.peek() !== 'refused') void enter(JSON.parse(remembered));
  }, []);

  return (
    <form
      class="panel login"
      onSubmit={(event) => {
        event.preventDefault();
        void enter({ user: user.value, password: password.value });
      }}
    >
      <h2>{t.login.title}</h2>
      <p class="note">{t.login.hint}</p>
      <label class="field">
        <span>{t.login.user}</span>
        <input
          value={user.value}
          required
          autocomplete="username"
          autocapitalize="off"
          onInput={(event) => {
            user.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="field">
        <span>{t.login.password}</span>
        <input
          type="password"
          value={password.value}
          required
          autocomplete="current-password"
          onInput={(event) => {
            password.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="fault" role="alert">
        {fault.value || (brokerState.value === 'refused' ? t.errors['wrong-login'] : '')}
      </p>
      <button type="submit" class="button is-main">
        {t.login.enter}
      </button>
    </form>
  );
}
