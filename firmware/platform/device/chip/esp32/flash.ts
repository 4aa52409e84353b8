// The partition `settings` of the ESP32's flash, as the SDK's ECMA-419 class has it.

import storage from 'embedded:storage/flash';
import type { Flash } from '../../../../ports.js';

export const flash: Flash = Object.freeze<Flash>({
  read(buffer, offset) {
    open().read(buffer, offset);
  },
  write(bytes, offset) {
    open().write(bytes, offset);
  },
  eraseBlock(block) {
    open().eraseBlock(block);
  },
});

/** Settings are seldom read or written: nothing is kept open, and a preloaded module can keep nothing. */
function open(): Flash {
  return storage.open({ path: 'settings', mode: 'r+' });
}
