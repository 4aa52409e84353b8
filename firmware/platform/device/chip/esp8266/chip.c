// What the station needs of the ESP8266 itself: why it started, a watchdog, a restart, its free memory, what Wi-Fi says of its last
// try, and two sectors of flash for settings.

#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "mem.h"
#include "osapi.h"
#include "user_interface.h"

enum {
  // The last two sectors of what the SDK's link scripts (eagle.flash.4m.ld) call SPIFFS, which no image of ours has. Below are the
  // application (to 0x100000), and where the SDK keeps modules and preferences (to 0x181000); above, Espressif's own sectors
  // (radio calibration and parameters, from 0x3FB000 to the end of 4 MB).
  SETTINGS_OFFSET = 0x3f9000,
  SETTINGS_BYTES = 2 * SPI_FLASH_SEC_SIZE,

  // A word of the RTC's memory keeps its value over a restart. The user's words are 64 to 191; the SDK's clock has the first of them.
  MARK_WORD = 188,
  WATCHDOG_MARK = 0x5741544d,

  // Timers of the chip count to less than two hours, and the watchdog waits for days: it counts these.
  TICK_MS = 10000,

  // Numbers of the reset causes for chip.ts.
  CAUSE_UNKNOWN = 0,
  CAUSE_POWER_ON = 1,
  CAUSE_RESET_BUTTON = 2,
  CAUSE_RESTART = 3,
  CAUSE_WATCHDOG = 4,
  CAUSE_CRASH = 5,
};

static os_timer_t watchdog;
static uint32_t ticksLeft;
// Asked for again and again, and the mark is there once.
static uint8_t cause;
static uint8_t isCauseKnown;

static void on_tick(void *unused) {
  (void)unused;
  if (ticksLeft > 0) {
    ticksLeft--;
    return;
  }
  uint32_t mark = WATCHDOG_MARK;
  system_rtc_mem_write(MARK_WORD, &mark, sizeof mark);
  system_restart();
}

/** ESP8266 Non-OS SDK API Reference 3.2.12, `system_get_rst_info`. */
static uint8_t read_cause(void) {
  uint32_t mark = 0;
  system_rtc_mem_read(MARK_WORD, &mark, sizeof mark);
  uint32_t none = 0;
  system_rtc_mem_write(MARK_WORD, &none, sizeof none);
  switch (system_get_rst_info()->reason) {
    case REASON_DEFAULT_RST: return CAUSE_POWER_ON;
    case REASON_WDT_RST:
    case REASON_SOFT_WDT_RST: return CAUSE_WATCHDOG;
    case REASON_EXCEPTION_RST: return CAUSE_CRASH;
    case REASON_SOFT_RESTART: return mark == WATCHDOG_MARK ? CAUSE_WATCHDOG : CAUSE_RESTART;
    case REASON_EXT_SYS_RST: return CAUSE_RESET_BUTTON;
    default: return CAUSE_UNKNOWN;
  }
}

void xs_chip_reset_cause(xsMachine *the) {
  if (!isCauseKnown) cause = read_cause();
  isCauseKnown = 1;
  xsmcSetInteger(xsResult, cause);
}

void xs_chip_restart(xsMachine *the) {
  (void)the;
  system_restart();
}

void xs_chip_feed_watchdog(xsMachine *the) {
  const xsNumberValue timeout_ms = xsmcToNumber(xsArg(0));
  ticksLeft = (uint32_t)(timeout_ms / TICK_MS);
  os_timer_disarm(&watchdog);
  os_timer_setfn(&watchdog, on_tick, NULL);
  os_timer_arm(&watchdog, TICK_MS, 1);
}

void xs_chip_free_memory(xsMachine *the) {
  xsmcSetInteger(xsResult, (int)system_get_free_heap_size());
}

void xs_chip_is_debugged(xsMachine *the) {
#ifdef mxDebug
  xsmcSetBoolean(xsResult, 1);
#else
  xsmcSetBoolean(xsResult, 0);
#endif
}

/** How the last try ended: 2 wrong password, 3 no such network, 4 refused (`wifi_station_get_connect_status`). */
void xs_chip_wifi_status(xsMachine *the) {
  xsmcSetInteger(xsResult, wifi_station_get_connect_status());
}

/** Throws for what lies beyond the two sectors. */
static uint32_t place(xsMachine *the, int offset, uint32_t byteLength) {
  if (offset < 0 || (uint32_t)offset > SETTINGS_BYTES || byteLength > SETTINGS_BYTES - (uint32_t)offset) xsRangeError("beyond the flash");
  return SETTINGS_OFFSET + (uint32_t)offset;
}

void xs_settings_flash_read(xsMachine *the) {
  void *bytes;
  xsUnsignedValue byteLength;
  const int offset = xsmcToInteger(xsArg(1));
  xsmcGetBufferWritable(xsArg(0), &bytes, &byteLength);
  if (!modSPIRead(place(the, offset, byteLength), byteLength, bytes)) xsUnknownError("read failed");
}

void xs_settings_flash_write(xsMachine *the) {
  void *bytes;
  xsUnsignedValue byteLength;
  const int offset = xsmcToInteger(xsArg(1));
  xsmcGetBufferReadable(xsArg(0), &bytes, &byteLength);
  if (!modSPIWrite(place(the, offset, byteLength), byteLength, bytes)) xsUnknownError("write failed");
}

void xs_settings_flash_erase_block(xsMachine *the) {
  const int block = xsmcToInteger(xsArg(0));
  if (block < 0 || block > 1) xsRangeError("beyond the flash");
  if (!modSPIErase(place(the, block * SPI_FLASH_SEC_SIZE, SPI_FLASH_SEC_SIZE), SPI_FLASH_SEC_SIZE)) xsUnknownError("erase failed");
}
