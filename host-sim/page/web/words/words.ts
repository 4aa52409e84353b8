// The words of the page: one dictionary for each language, the choice between them, and how each writes numbers and times.

import { computed, signal } from '@preact/signals';
import { english } from './english.js';
import { french } from './french.js';

export type Language = 'en' | 'fr';
export type Words = typeof english;

const STORAGE_KEY = 'language';

const dictionaries: Readonly<Record<Language, Words>> = { en: english, fr: french };

export const language = signal<Language>(rememberedLanguage() ?? browserLanguage());

export const words = computed(() => dictionaries[language.value]);

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(STORAGE_KEY, chosen);
  language.value = chosen;
}

function rememberedLanguage(): Language | undefined {
  const remembered = localStorage.getItem(STORAGE_KEY);
  return remembered === 'en' || remembered === 'fr' ? remembered : undefined;
}

/** The first of the browser's languages that the page speaks; the computer's of the class where it speaks none. */
function browserLanguage(): Language {
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return (spoken.find((tag) => tag === 'fr' || tag === 'en') as Language | undefined) ?? 'fr';
}
