// Takes the teacher's key, which the server has printed.

import { useSignal } from '@preact/signals';
import { takeKey } from '../live/teacher.js';
import { words } from '../words/words.js';

export function KeyForm({ reason }: { readonly reason: string }) {
  const t = words.value.class;
  const text = useSignal('');
  return (
    <form
      class="panel"
      onSubmit={(event) => {
        event.preventDefault();
        takeKey(text.value);
      }}
    >
      <h2>{t.key}</h2>
      <p class="note">{reason}</p>
      <label class="field">
        <span>{t.key}</span>
        <input
          class="mono"
          value={text.value}
          required
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button is-main">
        {t.useKey}
      </button>
    </form>
  );
}
