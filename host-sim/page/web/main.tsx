// The page's program: follows the house and draws what it knows.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.js';
import { start } from './live/store.js';
import { language } from './words/words.js';
import './parts/theme.js';

effect(() => {
  document.documentElement.lang = language.value;
});
render(<App />, document.getElementById('page') as HTMLElement);
void start();
