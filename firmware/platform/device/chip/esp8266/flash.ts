// Two sectors of the ESP8266's flash for settings, over chip.c. The SDK has ECMA-419 flash for the ESP32 alone.

import type { Flash } from '../../../../ports.js';

// XS binds these by name to the functions of chip.c.
// biome-ignore lint/suspicious/noExplicitAny: what it returns is what the C function sets.
declare function native(name: string): (...args: unknown[]) => any;

class SettingsFlash implements Flash {
  read(buffer: Uint8Array, offset: number): void {
    return native('xs_settings_flash_read').call(this, buffer, offset);
  }

  write(bytes: Uint8Array, offset: number): void {
    return native('xs_settings_flash_write').call(this, bytes, offset);
  }

  eraseBlock(block: number): void {
    return native('xs_settings_flash_erase_block').call(this, block);
  }
}

/** The board's own copy of its settings. Preloaded, so it takes no memory. */
export const flash: Flash = Object.freeze(new SettingsFlash());
