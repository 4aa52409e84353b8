// The GPIO block of the ESP8266 for the tests; gpio_model.h says how much of it.

#include "gpio_model.h"

#include "edge_capture_hw.h"

struct gpio_model gpio;

/** Levels after the last change, so that an edge can be told. */
static uint32_t seen_levels = 0xffffu;

uint32_t gpio_levels(void) {
  const uint32_t driven_low = gpio.enable & ~gpio.out;
  return 0xffffu & ~gpio.pulled_low & ~driven_low;
}

static bool is_any_edge(uint32_t pin) {
  return ((gpio.pin_config[pin] >> 7) & 7u) == 3;
}

static void settle(void) {
  const uint32_t levels = gpio_levels();
  uint32_t changed = levels ^ seen_levels;
  seen_levels = levels;
  // One line a turn, the lowest first. It is short because QEMU's time passes meanwhile.
  for (; changed != 0; changed &= changed - 1) {
    if (is_any_edge((uint32_t)__builtin_ctz(changed))) gpio.status |= changed & -changed;
  }
  gpio_on_change();
}

void gpio_pull(uint32_t pin, bool is_low) {
  if (is_low) gpio.pulled_low |= 1u << pin;
  else gpio.pulled_low &= ~(1u << pin);
  settle();
}

bool gpio_is_interrupting(void) {
  return gpio.is_interrupt_enabled && gpio.status != 0;
}

/** Where registers 0x804 to 0x840 keep their value. The order of the pads does not matter here. */
static uint32_t *mux_at(uint32_t offset) {
  return &gpio.mux[(offset - 0x804u) / 4u];
}

uint32_t edge_capture_hw_read(uint32_t offset) {
  if (offset >= 0x804u) return *mux_at(offset);
  if (offset >= 0x328u) return gpio.pin_config[(offset - 0x328u) / 4u];
  switch (offset) {
    case 0x300u: return gpio.out;
    case 0x30cu: return gpio.enable;
    case 0x318u: return gpio_levels();
    case 0x31cu: return gpio.status;
    default: return 0;
  }
}

void edge_capture_hw_write(uint32_t offset, uint32_t value) {
  switch (offset) {
    case 0x304u: gpio.out |= value; break;
    case 0x308u: gpio.out &= ~value; break;
    case 0x310u: gpio.enable |= value; break;
    case 0x314u: gpio.enable &= ~value; break;
    case 0x324u: gpio.status &= ~value; break;
    default:
      if (offset >= 0x804u) *mux_at(offset) = value;
      else gpio.pin_config[(offset - 0x328u) / 4u] = value;
  }
  settle();
}

bool edge_capture_hw_is_interrupt_enabled(void) {
  return gpio.is_interrupt_enabled;
}

void edge_capture_hw_disable_interrupt(void) {
  gpio.is_interrupt_enabled = false;
  gpio_on_change();
}

void edge_capture_hw_enable_interrupt(void) {
  gpio.is_interrupt_enabled = true;
  gpio_on_change();
}

void (*edge_capture_hw_set_handler(void (*handler)(void *), void *argument))(void *) {
  void (*const before)(void *) = gpio.handler;
  gpio.handler = handler;
  gpio.handler_argument = argument;
  return before;
}
