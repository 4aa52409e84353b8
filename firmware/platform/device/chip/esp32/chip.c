// What the station needs of the ESP32 family's chips themselves: why they started, a watchdog, a restart, their free memory, and why
// Wi-Fi did not come about.

#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "esp_attr.h"
#include "esp_event.h"
#include "esp_heap_caps.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "esp_wifi.h"

enum {
  WATCHDOG_MARK = 0x5741544d,

  // Numbers of the reset causes for chip.ts.
  CAUSE_UNKNOWN = 0,
  CAUSE_POWER_ON = 1,
  CAUSE_RESET_BUTTON = 2,
  CAUSE_RESTART = 3,
  CAUSE_WATCHDOG = 4,
  CAUSE_CRASH = 5,
  CAUSE_BROWN_OUT = 6,

  // And of the refusals for wifi.ts.
  REFUSAL_NONE = 0,
  REFUSAL_WRONG_PASSWORD = 1,
  REFUSAL_NO_NETWORK = 2,
  REFUSAL_OTHER = 3,
};

// Keeps its value over a restart.
static RTC_NOINIT_ATTR uint32_t mark;

static esp_timer_handle_t watchdog;
// Asked for again and again, and the mark is there once.
static uint8_t cause;
static bool isCauseKnown;
// Written by the task of the event loop.
static volatile uint8_t refusal;
static bool isWatching;

static void on_timeout(void *unused) {
  (void)unused;
  mark = WATCHDOG_MARK;
  esp_restart();
}

/** ESP-IDF 6.0, `esp_reset_reason_t`. */
static uint8_t read_cause(void) {
  const bool isMarked = mark == WATCHDOG_MARK;
  mark = 0;
  switch (esp_reset_reason()) {
    case ESP_RST_POWERON: return CAUSE_POWER_ON;
    case ESP_RST_EXT: return CAUSE_RESET_BUTTON;
    case ESP_RST_SW: return isMarked ? CAUSE_WATCHDOG : CAUSE_RESTART;
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT: return CAUSE_WATCHDOG;
    case ESP_RST_PANIC: return CAUSE_CRASH;
    case ESP_RST_BROWNOUT: return CAUSE_BROWN_OUT;
    default: return CAUSE_UNKNOWN;
  }
}

void xs_chip_reset_cause(xsMachine *the) {
  if (!isCauseKnown) cause = read_cause();
  isCauseKnown = true;
  xsmcSetInteger(xsResult, cause);
}

void xs_chip_restart(xsMachine *the) {
  (void)the;
  esp_restart();
}

void xs_chip_feed_watchdog(xsMachine *the) {
  const esp_timer_create_args_t timer = {.callback = on_timeout, .name = "progress"};
  const xsNumberValue timeout_ms = xsmcToNumber(xsArg(0));
  if (!watchdog && esp_timer_create(&timer, &watchdog) != ESP_OK) xsUnknownError("no timer");
  // Refuses where it is not running, as at the first call.
  esp_timer_stop(watchdog);
  esp_timer_start_once(watchdog, (uint64_t)(timeout_ms * 1000));
}

void xs_chip_free_memory(xsMachine *the) {
  xsmcSetInteger(xsResult, (int)esp_get_free_heap_size());
}

void xs_chip_is_debugged(xsMachine *the) {
#ifdef mxDebug
  xsmcSetBoolean(xsResult, 1);
#else
  xsmcSetBoolean(xsResult, 0);
#endif
}

/** ESP-IDF programming guide, "Wi-Fi Reason Code". */
static uint8_t refusal_of(uint8_t reason) {
  switch (reason) {
    case WIFI_REASON_NO_AP_FOUND:
    case WIFI_REASON_NO_AP_FOUND_W_COMPATIBLE_SECURITY:
    case WIFI_REASON_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD:
    case WIFI_REASON_NO_AP_FOUND_IN_RSSI_THRESHOLD: return REFUSAL_NO_NETWORK;
    case WIFI_REASON_MIC_FAILURE:
    case WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT:
    case WIFI_REASON_HANDSHAKE_TIMEOUT:
    case WIFI_REASON_AUTH_FAIL: return REFUSAL_WRONG_PASSWORD;
    // Our own `disconnect`.
    case WIFI_REASON_ASSOC_LEAVE: return REFUSAL_NONE;
    default: return REFUSAL_OTHER;
  }
}

static void on_wifi_event(void *unused, esp_event_base_t base, int32_t id, void *data) {
  (void)unused, (void)base;
  if (id == WIFI_EVENT_STA_DISCONNECTED) refusal = refusal_of(((wifi_event_sta_disconnected_t *)data)->reason);
}

/** Called before the SDK's class registers a handler of its own, so that the reason is known when that one tells of the end. */
void xs_chip_watch_wifi(xsMachine *the) {
  if (isWatching) return;
  const esp_err_t error = esp_event_loop_create_default();
  // The SDK creates it too, and puts up with one that is there.
  if (error != ESP_OK && error != ESP_ERR_INVALID_STATE) xsUnknownError("no event loop");
  isWatching = esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, on_wifi_event, NULL) == ESP_OK;
}

void xs_chip_wifi_refusal(xsMachine *the) {
  xsmcSetInteger(xsResult, refusal);
}

void xs_chip_forget_refusal(xsMachine *the) {
  (void)the;
  refusal = REFUSAL_NONE;
}
