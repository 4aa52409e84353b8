// Wakes a single-wire sensor and has the RMT peripheral record its answer, on ESP32, ESP32-C3 and ESP32-S3 (ESP-IDF 6).
//
// Everything runs on the XS task but `on_received`, which is the driver's interrupt, maybe on the other core. "IDF RMT" below
// stands for the page "Remote Control Transceiver (RMT)" of the ESP-IDF programming guide.

#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"
#include "builtinCommon.h"

#include "driver/gpio.h"
#include "driver/rmt_rx.h"
#include "esp_rom_sys.h"
#include "soc/soc_caps.h"

#include "rmt-symbols.h"

enum {
  RESOLUTION_HZ = 1000000,
  // Narrower pulses are noise (the sensor's shortest has 22 µs); the filter counts up to 255 periods of 80 MHz, 3187 ns.
  GLITCH_NS = 3000,
  // The longest rest inside a recording is the sensor's before its answer: up to 200 µs (AM2302 datasheet, T_go).
  IDLE_NS = 300000,
  START_PULSE_MAX_US = 30000,
  // One memory block: 64 symbols on the ESP32, 48 on C3 and S3. An answer has 43: high until the sensor pulls, 83 pulses, and
  // the end marker. So it fits into the block as a whole, and an interrupt that comes late (flash operations defer it, IDF RMT
  // "Cache Safe") loses nothing.
  SYMBOL_LIMIT = SOC_RMT_MEM_WORDS_PER_CHANNEL,
};

_Static_assert(sizeof(rmt_symbol_word_t) == sizeof(uint32_t), "rmt-symbols.h describes the symbol as one word");

typedef struct {
  xsMachine *the;
  xsSlot obj;
  xsSlot *onReadable;
  gpio_num_t pin;
  rmt_channel_handle_t channel;
  bool isPinUsed;
  // Kept from the garbage collector: while it records, and while a message to it is on its way.
  bool isRemembered;
  // Shared with the interrupt, under `lock`. The driver fills `symbols` before it calls; `start` writes while the receiver is off.
  portMUX_TYPE lock;
  bool isRecording;
  bool isPosted;
  size_t symbolCount;
  uint32_t symbols[SYMBOL_LIMIT];
} RmtLineRecord, *RmtLine;

static void mark(xsMachine *the, void *it, xsMarkRoot markRoot) {
  RmtLine line = it;
  if (line->onReadable) (*markRoot)(the, line->onReadable);
}

static void stop_recording(RmtLine line) {
  portENTER_CRITICAL(&line->lock);
  const bool wasRecording = line->isRecording;
  line->isRecording = false;
  portEXIT_CRITICAL(&line->lock);
  // On the ESP32 itself the receiver cannot be stopped; the driver ignores what it still has to say (rmt_rx.c, ASYNC_STOP).
  if (wasRecording) rmt_disable(line->channel);
}

void xs_rmt_line_destructor(void *data) {
  RmtLine line = data;
  if (!line) return;
  stop_recording(line);
  if (line->channel) rmt_del_channel(line->channel);
  if (line->isPinUsed) {
    gpio_reset_pin(line->pin);
    builtinFreePin(line->pin);
  }
  c_free(line);
}

static const xsHostHooks hooks ICACHE_RODATA_ATTR = {xs_rmt_line_destructor, mark, NULL};

static RmtLine line_of(xsMachine *the) {
  return xsmcGetHostDataValidate(xsThis, (void *)&hooks);
}

static void remember(RmtLine line) {
  xsMachine *the = line->the;
  if (!line->isRemembered) xsRemember(line->obj);
  line->isRemembered = true;
}

static void forget_if_at_rest(RmtLine line) {
  xsMachine *the = line->the;
  portENTER_CRITICAL(&line->lock);
  const bool isAtRest = !line->isRecording && !line->isPosted;
  portEXIT_CRITICAL(&line->lock);
  if (!isAtRest || !line->isRemembered) return;
  line->isRemembered = false;
  xsForget(line->obj);
}

/** On the XS task: the recording is complete, unless it was stopped while the message was on its way. */
static void deliver(void *machine, void *refcon, uint8_t *message, uint16_t messageLength) {
  (void)machine, (void)message, (void)messageLength;
  RmtLine line = refcon;
  portENTER_CRITICAL(&line->lock);
  line->isPosted = false;
  const bool isComplete = line->isRecording && line->symbolCount > 0;
  portEXIT_CRITICAL(&line->lock);
  if (!isComplete) {
    forget_if_at_rest(line);
    return;
  }
  // The callback may stop the line, and nothing keeps it then: it is not touched afterwards.
  xsMachine *the = line->the;
  xsBeginHost(the);
  xsCallFunction0(xsReference(line->onReadable), line->obj);
  xsEndHost(the);
}

/** In the interrupt of the RMT driver. At most one message waits; where the queue is full, the capture's deadline does. */
static bool on_received(rmt_channel_handle_t channel, const rmt_rx_done_event_data_t *event, void *context) {
  (void)channel;
  RmtLine line = context;
  portENTER_CRITICAL_ISR(&line->lock);
  if (line->isRecording) {
    line->symbolCount = event->num_symbols;
    if (!line->isPosted) line->isPosted = modMessagePostToMachineFromISR(line->the, deliver, line) == 0;
  }
  portEXIT_CRITICAL_ISR(&line->lock);
  // Whether a task has to run at once: none, the edges can wait.
  return false;
}

static esp_err_t open_channel(RmtLine line) {
  const rmt_rx_channel_config_t config = {
      .gpio_num = line->pin,
      .clk_src = RMT_CLK_SRC_DEFAULT,
      .resolution_hz = RESOLUTION_HZ,
      .mem_block_symbols = SYMBOL_LIMIT,
  };
  const rmt_rx_event_callbacks_t callbacks = {.on_recv_done = on_received};
  const esp_err_t error = rmt_new_rx_channel(&config, &line->channel);
  return error != ESP_OK ? error : rmt_rx_register_event_callbacks(line->channel, &callbacks, line);
}

/** Open drain and released: the line is the sensor's. The weak pull-up helps the resistor at the sensor, and stands in for it. */
static esp_err_t open_pin(gpio_num_t pin) {
  const gpio_config_t config = {
      .pin_bit_mask = 1ULL << pin,
      .mode = GPIO_MODE_INPUT_OUTPUT_OD,
      .pull_up_en = GPIO_PULLUP_ENABLE,
  };
  // The level first, or the pin would be low for a moment.
  const esp_err_t error = gpio_set_level(pin, 1);
  return error != ESP_OK ? error : gpio_config(&config);
}

void xs_rmt_line_constructor(xsMachine *the) {
  xsmcVars(1);
  xsmcGet(xsVar(0), xsArg(0), xsID_pin);
  const uint32_t pin = builtinGetPin(the, &xsVar(0));
  if (!builtinIsPinFree(pin)) xsRangeError("no such pin, or in use");
  if (!GPIO_IS_VALID_OUTPUT_GPIO((int)pin)) xsRangeError("pin is input only");
  xsSlot *onReadable = builtinGetCallback(the, xsID_onReadable);
  if (!onReadable) xsRangeError("onReadable required");

  RmtLine line = c_calloc(1, sizeof(RmtLineRecord));
  if (!line) xsUnknownError("no memory");
  portMUX_INITIALIZE(&line->lock);
  line->the = the;
  line->obj = xsThis;
  line->onReadable = onReadable;
  line->pin = (gpio_num_t)pin;
  // From here on the destructor gives back what was taken, whatever fails.
  xsmcSetHostData(xsThis, line);
  xsSetHostHooks(xsThis, (xsHostHooks *)&hooks);

  line->isPinUsed = builtinUsePin(pin);
  if (open_channel(line) != ESP_OK) xsUnknownError("no RMT channel");
  if (open_pin(line->pin) != ESP_OK) xsUnknownError("no pin");
}

/** The host's start pulse, and at its end the receiver on: it waits for the first change (IDF RMT "Initiate RX Transaction"). */
static esp_err_t wake_and_record(RmtLine line, uint32_t start_pulse_us) {
  const rmt_receive_config_t config = {.signal_range_min_ns = GLITCH_NS, .signal_range_max_ns = IDLE_NS};
  gpio_set_level(line->pin, 0);
  esp_rom_delay_us(start_pulse_us);
  // Before the release, so that no delay between the two can cost an edge: the recording begins with the release.
  const esp_err_t error = rmt_receive(line->channel, line->symbols, sizeof line->symbols, &config);
  gpio_set_level(line->pin, 1);
  return error;
}

void xs_rmt_line_start(xsMachine *the) {
  RmtLine line = line_of(the);
  const int start_pulse_us = xsmcToInteger(xsArg(0));
  if (start_pulse_us <= 0 || start_pulse_us > START_PULSE_MAX_US) xsRangeError("invalid start pulse");
  // The driver refuses a channel that is enabled: a recording is under way.
  if (rmt_enable(line->channel) != ESP_OK) xsUnknownError("RMT not enabled");
  line->symbolCount = 0;
  line->isRecording = true;
  remember(line);
  if (wake_and_record(line, (uint32_t)start_pulse_us) == ESP_OK) return;
  stop_recording(line);
  forget_if_at_rest(line);
  xsUnknownError("RMT does not receive");
}

void xs_rmt_line_read(xsMachine *the) {
  RmtLine line = line_of(the);
  void *edges;
  xsUnsignedValue byteLength;
  xsmcGetBufferWritable(xsArg(0), &edges, &byteLength);
  portENTER_CRITICAL(&line->lock);
  const size_t symbolCount = line->symbolCount;
  portEXIT_CRITICAL(&line->lock);
  xsmcSetInteger(xsResult, (int)rmt_symbols_to_edges(line->symbols, symbolCount, edges, byteLength / sizeof(uint16_t)));
}

void xs_rmt_line_stop(xsMachine *the) {
  RmtLine line = line_of(the);
  stop_recording(line);
  forget_if_at_rest(line);
}
