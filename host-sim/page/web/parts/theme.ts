// Light or dark: as the system says, until somebody chooses.

import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const STORAGE_KEY = 'theme';

const system = matchMedia('(prefers-color-scheme: dark)');

const remembered = localStorage.getItem(STORAGE_KEY);
const chosen = signal<Theme | undefined>(remembered === 'light' || remembered === 'dark' ? remembered : undefined);

export const theme = signal<Theme>(chosen.value ?? (system.matches ? 'dark' : 'light'));

system.addEventListener('change', () => {
  theme.value = chosen.value ?? (system.matches ? 'dark' : 'light');
});

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function chooseTheme(next: Theme): void {
  localStorage.setItem(STORAGE_KEY, next);
  chosen.value = next;
  theme.value = next;
}
