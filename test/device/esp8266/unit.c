// Unit tests of the ESP8266's edge capture, on the computer: `unit <case>` runs one case and says what went wrong.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge_capture.h"
#include "gpio_model.h"
#include <edge_capture_hw.h>

#define PIN 4u
#define OTHER_PIN 5u
#define TICKS_PER_US 80u
#define START_PULSE_US 1100u
#define INTERRUPT_ANY_EDGE (3u << 7)

static uint32_t now_ticks;
static bool are_interrupts_masked;
static bool is_serving;
static uint32_t lowest_us;
static uint32_t others_served;
static struct edge_capture capture;

#define CHECK(condition) check((condition), #condition, __LINE__)

static void check(bool is_true, const char *condition, int line) {
  if (is_true) return;
  printf("line %d: not so: %s\n", line, condition);
  exit(1);
}

uint32_t edge_capture_hw_ticks(void) {
  return now_ticks;
}

uint32_t edge_capture_hw_ticks_per_us(void) {
  return TICKS_PER_US;
}

void edge_capture_hw_wait_us(uint32_t us) {
  if ((gpio_levels() & (1u << PIN)) == 0) lowest_us = us;
  now_ticks += us * TICKS_PER_US;
}

void gpio_on_change(void) {
  // As on the chip: not while another interrupt is served, and again as long as something is pending.
  if (is_serving || are_interrupts_masked) return;
  is_serving = true;
  while (gpio_is_interrupting()) gpio.handler(gpio.handler_argument);
  is_serving = false;
}

/** `us` later the sensor changes the line. */
static void edge_after(uint32_t us) {
  now_ticks += us * TICKS_PER_US;
  gpio_pull(PIN, (gpio.pulled_low & (1u << PIN)) == 0);
}

static void mask_interrupts(void) {
  are_interrupts_masked = true;
}

static void unmask_interrupts_after(uint32_t us) {
  now_ticks += us * TICKS_PER_US;
  are_interrupts_masked = false;
  gpio_on_change();
}

static void start(void) {
  edge_capture_start(&capture, PIN, START_PULSE_US, EDGE_CAPTURE_MAX_EDGES);
}

static void expect_edges(const uint16_t *us, uint32_t count) {
  edge_capture_finish(&capture);
  CHECK(edge_capture_count(&capture) == count);
  for (uint32_t index = 0; index < count; index++) CHECK(edge_capture_us(&capture, index) == us[index]);
}

static void serve_other(void *argument) {
  (void)argument;
  others_served++;
  edge_capture_hw_write(0x324u, gpio.status);
}

static void test_start_pulse(void) {
  start();
  CHECK(lowest_us == START_PULSE_US);
  CHECK(gpio_levels() & (1u << PIN));
  CHECK(gpio.pin_config[PIN] & (1u << 2));
  CHECK(gpio.is_interrupt_enabled);
}

static void test_no_answer(void) {
  start();
  expect_edges(0, 0);
}

static void test_answer(void) {
  // The clock wraps between the second and the third edge.
  now_ticks = UINT32_MAX - (START_PULSE_US + 150u) * TICKS_PER_US;
  start();
  edge_after(30);
  edge_after(80);
  edge_after(81);
  edge_after(52);
  expect_edges((const uint16_t[]){0, 80, 161, 213}, 4);
}

static void test_rounding(void) {
  start();
  edge_after(30);
  now_ticks += TICKS_PER_US / 2 - 1;
  edge_after(80);
  now_ticks += 1;
  edge_after(80);
  expect_edges((const uint16_t[]){0, 80, 161}, 3);
}

static void test_merged_pair(void) {
  start();
  edge_after(30);
  edge_after(80);
  mask_interrupts();
  edge_after(80);
  edge_after(50);
  unmask_interrupts_after(5);
  edge_after(21);
  expect_edges((const uint16_t[]){0, 80, 236}, 3);
}

static void test_late_edge(void) {
  start();
  edge_after(30);
  mask_interrupts();
  edge_after(80);
  unmask_interrupts_after(40);
  edge_after(40);
  expect_edges((const uint16_t[]){0, 120, 160}, 3);
}

static void test_three_merged(void) {
  start();
  edge_after(30);
  mask_interrupts();
  edge_after(80);
  edge_after(80);
  edge_after(50);
  unmask_interrupts_after(10);
  edge_after(16);
  expect_edges((const uint16_t[]){0, 220, 236}, 3);
}

static void test_release_served_late(void) {
  // The sensor answers before the interrupt of the release is served: the answer's first edge is late, and still the first.
  mask_interrupts();
  start();
  edge_after(30);
  unmask_interrupts_after(10);
  edge_after(70);
  expect_edges((const uint16_t[]){0, 70}, 2);
}

static void test_full(void) {
  edge_capture_start(&capture, PIN, START_PULSE_US, 84);
  for (uint32_t edge = 0; edge < 100; edge++) edge_after(50);
  CHECK((gpio.pin_config[PIN] & INTERRUPT_ANY_EDGE) == 0);
  edge_capture_finish(&capture);
  CHECK(edge_capture_count(&capture) == 84);
  CHECK(edge_capture_us(&capture, 83) == 83 * 50);
}

static void test_deadline(void) {
  start();
  edge_after(EDGE_CAPTURE_DEADLINE_US - 1);
  edge_after(1);
  CHECK(gpio.pin_config[PIN] & INTERRUPT_ANY_EDGE);
  edge_after(1);
  CHECK((gpio.pin_config[PIN] & INTERRUPT_ANY_EDGE) == 0);
  expect_edges((const uint16_t[]){0, 1}, 2);
}

static void expect_as_found(struct gpio_model found) {
  start();
  edge_after(30);
  edge_after(80);
  edge_after(80);
  edge_capture_finish(&capture);
  // The sensor still pulls: the line is the sensor's, not the chip's.
  found.pulled_low = gpio.pulled_low;
  found.handler_argument = gpio.handler_argument;
  CHECK(memcmp(&gpio, &found, sizeof gpio) == 0);
}

static void test_found_input(void) {
  expect_as_found(gpio);
}

static void test_found_output(void) {
  for (uint32_t pad = 0; pad < 16; pad++) gpio.mux[pad] = 0x1b3u;
  gpio.pin_config[PIN] = 2u << 7;
  gpio.out = gpio.enable = 1u << PIN;
  gpio.handler = serve_other;
  gpio.is_interrupt_enabled = true;
  expect_as_found(gpio);
}

static void test_found_quiet(void) {
  gpio.pin_config[PIN] = INTERRUPT_ANY_EDGE;
  start();
  mask_interrupts();
  edge_after(30);
  edge_capture_finish(&capture);
  CHECK(gpio.status == 0);
}

static void test_finish_twice(void) {
  start();
  edge_capture_finish(&capture);
  gpio.handler = serve_other;
  edge_capture_finish(&capture);
  CHECK(gpio.handler == serve_other);
}

static void test_other_line(void) {
  gpio.handler = serve_other;
  gpio.is_interrupt_enabled = true;
  gpio.pin_config[OTHER_PIN] = INTERRUPT_ANY_EDGE;
  start();
  edge_after(30);
  gpio_pull(OTHER_PIN, true);
  CHECK(others_served == 1);
  edge_after(80);
  expect_edges((const uint16_t[]){0, 80}, 2);
}

static void test_other_line_of_nobody(void) {
  gpio.pin_config[OTHER_PIN] = INTERRUPT_ANY_EDGE;
  gpio_pull(OTHER_PIN, true);
  start();
  edge_after(30);
  expect_edges((const uint16_t[]){0}, 1);
}

static void test_pins(void) {
  for (uint32_t pin = 0; pin < 40; pin++) CHECK(edge_capture_is_pin(pin) == (pin < 6 || (pin > 11 && pin < 16)));
}

/** IO_MUX registers as the Arduino core lists them (`esp8266_gpioToFn`), less 0x800; 0 where no sensor can be. */
static const uint8_t PADS[16] = {0x34, 0x18, 0x38, 0x14, 0x3c, 0x40, 0, 0, 0, 0, 0, 0, 0x04, 0x08, 0x0c, 0x10};

static void test_every_pin(void) {
  for (uint32_t pin = 0; pin < 16; pin++) {
    if (PADS[pin] == 0) continue;
    const uint32_t pull_up = 1u << 7;
    const uint32_t function = pin == 0 || pin == 2 || pin == 4 || pin == 5 ? 0 : 3u << 4;
    edge_capture_start(&capture, pin, START_PULSE_US, 2);
    CHECK(gpio.mux[PADS[pin] / 4 - 1] == (pull_up | function));
    now_ticks += 30 * TICKS_PER_US;
    gpio_pull(pin, true);
    gpio_pull(pin, false);
    edge_capture_finish(&capture);
    CHECK(gpio.mux[PADS[pin] / 4 - 1] == 0);
    CHECK(edge_capture_count(&capture) == 2);
  }
}

static const struct {
  const char *name;
  void (*run)(void);
} CASES[] = {
    {"start-pulse", test_start_pulse},
    {"no-answer", test_no_answer},
    {"answer", test_answer},
    {"rounding", test_rounding},
    {"merged-pair", test_merged_pair},
    {"late-edge", test_late_edge},
    {"three-merged", test_three_merged},
    {"release-served-late", test_release_served_late},
    {"full", test_full},
    {"deadline", test_deadline},
    {"found-input", test_found_input},
    {"found-output", test_found_output},
    {"found-quiet", test_found_quiet},
    {"finish-twice", test_finish_twice},
    {"other-line", test_other_line},
    {"other-line-of-nobody", test_other_line_of_nobody},
    {"pins", test_pins},
    {"every-pin", test_every_pin},
};

int main(int argc, char **argv) {
  for (size_t index = 0; index < sizeof CASES / sizeof CASES[0]; index++) {
    if (argc != 2 || strcmp(argv[1], CASES[index].name) != 0) continue;
    CASES[index].run();
    return 0;
  }
  printf("usage: unit <case>\n");
  return 2;
}
