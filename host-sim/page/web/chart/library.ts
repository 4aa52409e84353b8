// uPlot, loaded when the first chart is opened: it begins by making a formatter of numbers, which takes the browser 50 ms.

import { signal } from '@preact/signals';
import type uPlot from 'uplot';

/** `undefined` until it is there. */
export const library = signal<typeof uPlot | undefined>(undefined);

let isLoading = false;

/** Asks for it where that is to be done; where the server is away, the next call tries again. */
export async function loadLibrary(): Promise<void> {
  if (isLoading || library.peek()) return;
  isLoading = true;
  try {
    library.value = (await import('uplot')).default;
  } catch {
    // The page says already that the server is away.
  } finally {
    isLoading = false;
  }
}
