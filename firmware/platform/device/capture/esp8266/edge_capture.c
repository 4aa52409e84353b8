// The capture of edges on an ESP8266; edge_capture.h says what it does. Only the interrupt is in instruction RAM.

#include "edge_capture.h"

// Not in quotes, so that the path decides: the chip's header beside this file, or the test's.
#include <edge_capture_hw.h>

// Registers of the lines 0 to 15 (ESP8266 Technical Reference 1.7, appendix 1; the same as `GPIO_*_ADDRESS` of eagle_soc.h).
#define GPIO_OUT 0x300u
#define GPIO_OUT_SET 0x304u
#define GPIO_OUT_CLEAR 0x308u
#define GPIO_ENABLE 0x30cu
#define GPIO_ENABLE_SET 0x310u
#define GPIO_ENABLE_CLEAR 0x314u
#define GPIO_IN 0x318u
#define GPIO_STATUS 0x31cu
#define GPIO_STATUS_CLEAR 0x324u
#define GPIO_PIN(pin) (0x328u + 4u * (pin))

// Bits of GPIO_PIN.
#define PIN_OPEN_DRAIN (1u << 2)
#define PIN_INTERRUPT_ANY_EDGE (3u << 7)

// Bits of the IO_MUX registers (appendix 4; `PERIPHS_IO_MUX_FUNC` of eagle_soc.h).
#define MUX_FUNCTION_MASK ((1u << 4) | (1u << 5) | (1u << 8))
#define MUX_FUNCTION_3 ((1u << 4) | (1u << 5))
#define MUX_PULL_UP (1u << 7)

/** The IO_MUX registers follow the pads of the chip, not the numbers of the lines (`PERIPHS_IO_MUX_*_U`). */
static uint32_t mux_of(uint32_t pin) {
  switch (pin) {
    case 0: return 0x834u;
    case 1: return 0x818u;
    case 2: return 0x838u;
    case 3: return 0x814u;
    case 4: return 0x83cu;
    case 5: return 0x840u;
    default: return 0x804u + 4u * (pin - 12u); // 12 to 15
  }
}

/** GPIO is function 0 of the pads that do nothing else at reset, and function 3 of the others. */
static uint32_t gpio_function_of(uint32_t pin) {
  return pin == 0 || pin == 2 || pin == 4 || pin == 5 ? 0 : MUX_FUNCTION_3;
}

bool edge_capture_is_pin(uint32_t pin) {
  return pin <= 5 || (pin >= 12 && pin <= 15);
}

/** No further interrupt of the line, so that noise does not load the processor until somebody calls finish. */
static EDGE_CAPTURE_IRAM void disarm(const struct edge_capture *capture) {
  edge_capture_hw_write(GPIO_PIN(capture->pin), PIN_OPEN_DRAIN);
}

static EDGE_CAPTURE_IRAM void store_edge(struct edge_capture *capture, uint32_t ticks) {
  const bool is_high = (edge_capture_hw_read(GPIO_IN) & capture->pin_mask) != 0;
  // The level is that of the last edge: an even number of edges came before this interrupt was served. Their times are lost, so the
  // pair is left out, and the edges that are stored still alternate. The rise that ends the start pulse is left out here as well.
  if (is_high == capture->is_high) return;
  if (ticks - capture->released_ticks > capture->deadline_ticks) {
    disarm(capture);
    return;
  }
  capture->is_high = is_high;
  capture->edge_ticks[capture->edge_count++] = ticks;
  if (capture->edge_count >= capture->max_edges) disarm(capture);
}

static EDGE_CAPTURE_IRAM void on_interrupt(void *argument) {
  const uint32_t ticks = edge_capture_hw_ticks();
  struct edge_capture *const capture = argument;
  const uint32_t pending = edge_capture_hw_read(GPIO_STATUS);
  const uint32_t others = pending & ~capture->pin_mask;
  if (pending & capture->pin_mask) {
    // Before the level is read: an edge that comes in between then interrupts again, and is not lost unseen.
    edge_capture_hw_write(GPIO_STATUS_CLEAR, capture->pin_mask);
    store_edge(capture, ticks);
  }
  if (others == 0) return;
  // The handlers of the Arduino core and of the SDK's drivers ignore their argument, which XTOS does not tell.
  if (capture->found.handler) capture->found.handler(0);
  else edge_capture_hw_write(GPIO_STATUS_CLEAR, others);
}

static void remember_pin(struct edge_capture *capture) {
  capture->found.out = edge_capture_hw_read(GPIO_OUT) & capture->pin_mask;
  capture->found.enable = edge_capture_hw_read(GPIO_ENABLE) & capture->pin_mask;
  capture->found.pin_config = edge_capture_hw_read(GPIO_PIN(capture->pin));
  capture->found.pin_mux = edge_capture_hw_read(mux_of(capture->pin));
}

static void restore_pin(const struct edge_capture *capture) {
  const uint32_t mask = capture->pin_mask;
  edge_capture_hw_write(mux_of(capture->pin), capture->found.pin_mux);
  edge_capture_hw_write(capture->found.out ? GPIO_OUT_SET : GPIO_OUT_CLEAR, mask);
  edge_capture_hw_write(capture->found.enable ? GPIO_ENABLE_SET : GPIO_ENABLE_CLEAR, mask);
  // An edge of the capture is no edge of whoever had the line before.
  edge_capture_hw_write(GPIO_STATUS_CLEAR, mask);
  edge_capture_hw_write(GPIO_PIN(capture->pin), capture->found.pin_config);
}

/** Open drain: the sensor may pull while the host does, and nobody ever drives the line high. */
static void pull_low(const struct edge_capture *capture) {
  const uint32_t mux = capture->found.pin_mux & ~MUX_FUNCTION_MASK;
  edge_capture_hw_write(GPIO_PIN(capture->pin), PIN_OPEN_DRAIN);
  edge_capture_hw_write(GPIO_OUT_CLEAR, capture->pin_mask);
  edge_capture_hw_write(GPIO_ENABLE_SET, capture->pin_mask);
  edge_capture_hw_write(mux_of(capture->pin), mux | gpio_function_of(capture->pin) | MUX_PULL_UP);
}

static void arm(struct edge_capture *capture) {
  capture->found.is_interrupt_enabled = edge_capture_hw_is_interrupt_enabled();
  // Off for the change: an interrupt of another line must not meet `on_interrupt` while `found.handler` is not yet known.
  edge_capture_hw_disable_interrupt();
  capture->found.handler = edge_capture_hw_set_handler(on_interrupt, capture);
  edge_capture_hw_write(GPIO_STATUS_CLEAR, capture->pin_mask);
  edge_capture_hw_write(GPIO_PIN(capture->pin), PIN_OPEN_DRAIN | PIN_INTERRUPT_ANY_EDGE);
  edge_capture_hw_enable_interrupt();
}

void edge_capture_start(struct edge_capture *capture, uint32_t pin, uint32_t start_pulse_us, uint32_t max_edges) {
  capture->pin = pin;
  capture->pin_mask = 1u << pin;
  capture->max_edges = max_edges;
  capture->edge_count = 0;
  capture->is_high = true;
  capture->deadline_ticks = EDGE_CAPTURE_DEADLINE_US * edge_capture_hw_ticks_per_us();
  capture->is_running = true;
  remember_pin(capture);
  pull_low(capture);
  edge_capture_hw_wait_us(start_pulse_us);
  // Armed while the line is still low: the sensor answers 20 µs after the release, and another interrupt may take longer than that.
  arm(capture);
  capture->released_ticks = edge_capture_hw_ticks();
  edge_capture_hw_write(GPIO_ENABLE_CLEAR, capture->pin_mask);
}

void edge_capture_finish(struct edge_capture *capture) {
  if (!capture->is_running) return;
  capture->is_running = false;
  edge_capture_hw_disable_interrupt();
  restore_pin(capture);
  edge_capture_hw_set_handler(capture->found.handler, 0);
  if (capture->found.is_interrupt_enabled) edge_capture_hw_enable_interrupt();
}

uint32_t edge_capture_count(const struct edge_capture *capture) {
  return capture->edge_count;
}

uint16_t edge_capture_us(const struct edge_capture *capture, uint32_t index) {
  const uint32_t ticks_per_us = edge_capture_hw_ticks_per_us();
  return (uint16_t)((capture->edge_ticks[index] - capture->edge_ticks[0] + ticks_per_us / 2) / ticks_per_us);
}
