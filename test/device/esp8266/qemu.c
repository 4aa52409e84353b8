// Runs the ESP8266's edge capture on the ESP8266's own core in QEMU: a sensor's frames come as interrupts, while others mask them.
// Each frame is compared with what its schedule says: which edges can be told apart, and when each was served.
//
// The timer interrupt stands for the outside world (the line, and code that masks interrupts); the software interrupt for the one of
// the GPIO block, which QEMU does not have.

#include "edge_capture.h"
#include "gpio_model.h"
#include <edge_capture_hw.h>

#define PIN 4u
#define FRAMES 10000u
#define FRAME_EDGES 84u
#define TICKS_PER_US 80u
/** Short: a busy wait that takes time here and proves nothing; unit.c has the real one. */
#define START_PULSE_US 20u

/** From an edge to its time stamp: entering the interrupt takes 1 to 2 µs. What differs between two of them is the error of a time. */
#define TOLERANCE_US 2

/** No two events are nearer to each other, so that their order is never a matter of how long an interrupt takes. */
#define SPACE_US 8

#define TIMER_INTERRUPT (1u << 6)
#define GPIO_INTERRUPT (1u << 7)
#define EXCEPTION_CAUSE_INTERRUPT 4u

enum event_kind { EDGE, MASK, UNMASK };

struct event {
  uint32_t ticks;
  enum event_kind kind;
};

static struct event events[FRAME_EDGES + 2];
static uint32_t event_count;
static volatile uint32_t next_event;
static uint32_t schedule_start;
static bool is_masked_by_others;

static struct edge_capture capture;
static uint16_t expected_us[FRAME_EDGES];
static uint32_t expected_count;

static struct {
  uint32_t late_edges;
  uint32_t lost_edges;
  uint32_t wrong_frames;
  uint32_t worst_error_us;
} tally;

extern int simulator_call(int number, int file, const void *bytes, int length);

// Division, which the chip has in its ROM and Debian's compiler does not bring.

static uint32_t divide(uint32_t dividend, uint32_t divisor, uint32_t *remainder) {
  uint32_t quotient = 0;
  uint32_t rest = 0;
  for (uint32_t bit = 32; bit-- > 0;) {
    rest = (rest << 1) | ((dividend >> bit) & 1u);
    if (rest < divisor) continue;
    rest -= divisor;
    quotient |= 1u << bit;
  }
  *remainder = rest;
  return quotient;
}

uint32_t __udivsi3(uint32_t dividend, uint32_t divisor) {
  uint32_t remainder;
  return divide(dividend, divisor, &remainder);
}

uint32_t __umodsi3(uint32_t dividend, uint32_t divisor) {
  uint32_t remainder;
  divide(dividend, divisor, &remainder);
  return remainder;
}

// Special registers.

static void enable_interrupts(uint32_t interrupts) {
  __asm__ volatile("wsr.intenable %0\n\trsync" ::"r"(interrupts));
}

static void raise_gpio(bool is_raised) {
  if (is_raised) __asm__ volatile("wsr.intset %0\n\trsync" ::"r"(GPIO_INTERRUPT));
  else __asm__ volatile("wsr.intclear %0\n\trsync" ::"r"(GPIO_INTERRUPT));
}

/** Writing CCOMPARE0 also ends the timer's interrupt. */
static void set_timer(uint32_t ticks) {
  __asm__ volatile("wsr.ccompare0 %0\n\tesync" ::"r"(ticks));
}

static uint32_t pending_interrupts(void) {
  uint32_t pending, enabled;
  __asm__ volatile("rsr.interrupt %0\n\trsr.intenable %1" : "=r"(pending), "=r"(enabled));
  return pending & enabled;
}

uint32_t edge_capture_hw_ticks(void) {
  uint32_t ticks;
  __asm__ volatile("rsr.ccount %0" : "=r"(ticks));
  return ticks;
}

uint32_t edge_capture_hw_ticks_per_us(void) {
  return TICKS_PER_US;
}

void edge_capture_hw_wait_us(uint32_t us) {
  const uint32_t start = edge_capture_hw_ticks();
  while (edge_capture_hw_ticks() - start < us * TICKS_PER_US) continue;
}

void gpio_on_change(void) {
  enable_interrupts(is_masked_by_others ? TIMER_INTERRUPT : TIMER_INTERRUPT | GPIO_INTERRUPT);
  raise_gpio(gpio_is_interrupting());
}

// The outside world.

static void happen(enum event_kind kind) {
  if (kind == EDGE) {
    gpio_pull(PIN, (gpio.pulled_low & (1u << PIN)) == 0);
    return;
  }
  is_masked_by_others = kind == MASK;
  gpio_on_change();
}

/** After the last event: as far away as can be. */
static void set_next_timer(void) {
  set_timer(next_event < event_count ? schedule_start + events[next_event].ticks : edge_capture_hw_ticks() - 1);
}

/** All level 1 interrupts come here. */
void on_exception(uint32_t cause) {
  if (cause != EXCEPTION_CAUSE_INTERRUPT) simulator_call(1, 100 + (int)cause, 0, 0);
  const uint32_t pending = pending_interrupts();
  if (pending & TIMER_INTERRUPT) {
    happen(events[next_event++].kind);
    set_next_timer();
  } else if (pending & GPIO_INTERRUPT) {
    gpio.handler(gpio.handler_argument);
  }
}

// Schedules.

static uint32_t random_state = 20180417;

static uint32_t random_below(uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state % limit;
}

static void add_event(uint32_t us, enum event_kind kind) {
  events[event_count].ticks = us * TICKS_PER_US;
  events[event_count].kind = kind;
  event_count++;
}

/** A DHT22's answer: 80 µs low, 80 high, 40 bits of 50 low and 26 or 70 high, 50 low; the times of its edges, in µs. */
static void make_edges(uint32_t *edges_us) {
  uint32_t us = 60;
  for (uint32_t edge = 0; edge < FRAME_EDGES; edge++) {
    edges_us[edge] = us;
    if (edge < 2) us += 78 + random_below(6);
    else if (edge % 2 == 0) us += 48 + random_below(8);
    else us += random_below(2) ? 68 + random_below(8) : 22 + random_below(9);
  }
}

static bool is_near_an_edge(uint32_t us, const uint32_t *edges_us) {
  for (uint32_t edge = 0; edge < FRAME_EDGES; edge++) {
    if (us + SPACE_US > edges_us[edge] && us < edges_us[edge] + SPACE_US) return true;
  }
  return false;
}

static uint32_t away_from_edges(uint32_t us, const uint32_t *edges_us) {
  while (is_near_an_edge(us, edges_us)) us++;
  return us;
}

/** In two of three frames somebody masks interrupts, for up to 200 µs, from anywhere in the frame. */
static void make_schedule(bool is_disturbed) {
  uint32_t edges_us[FRAME_EDGES];
  make_edges(edges_us);
  uint32_t mask_us = UINT32_MAX, unmask_us = UINT32_MAX;
  if (is_disturbed) {
    mask_us = away_from_edges(20 + random_below(edges_us[FRAME_EDGES - 1]), edges_us);
    unmask_us = away_from_edges(mask_us + SPACE_US + random_below(200), edges_us);
  }
  event_count = 0;
  for (uint32_t edge = 0; edge < FRAME_EDGES; edge++) {
    const uint32_t before_us = edge == 0 ? 0 : edges_us[edge - 1];
    if (mask_us > before_us && mask_us < edges_us[edge]) add_event(mask_us, MASK);
    if (unmask_us > before_us && unmask_us < edges_us[edge]) add_event(unmask_us, UNMASK);
    add_event(edges_us[edge], EDGE);
  }
  if (is_disturbed && mask_us > edges_us[FRAME_EDGES - 1]) add_event(mask_us, MASK);
  if (is_disturbed && unmask_us > edges_us[FRAME_EDGES - 1]) add_event(unmask_us, UNMASK);
}

// What must come out, from the schedule alone.

static void expect_edges(void) {
  bool is_high = true, is_stored_high = true, is_masked = false, is_pending = false;
  expected_count = 0;
  for (uint32_t index = 0; index < event_count; index++) {
    const struct event *event = &events[index];
    if (event->kind == EDGE) {
      is_high = !is_high;
      is_pending = true;
    } else {
      is_masked = event->kind == MASK;
    }
    if (is_masked || !is_pending) continue;
    is_pending = false;
    if (is_high == is_stored_high) continue;
    is_stored_high = is_high;
    if (event->kind == UNMASK) tally.late_edges++;
    expected_us[expected_count++] = (uint16_t)(event->ticks / TICKS_PER_US);
  }
  tally.lost_edges += FRAME_EDGES - expected_count;
}

static bool is_as_expected(void) {
  if (edge_capture_count(&capture) != expected_count) return false;
  for (uint32_t index = 0; index < expected_count; index++) {
    const int32_t us = edge_capture_us(&capture, index);
    const int32_t error = us - (expected_us[index] - expected_us[0]);
    const uint32_t error_us = (uint32_t)(error < 0 ? -error : error);
    if (error_us > tally.worst_error_us) tally.worst_error_us = error_us;
    if (error_us > TOLERANCE_US) return false;
  }
  return true;
}

static void run_frame(bool is_disturbed) {
  make_schedule(is_disturbed);
  expect_edges();
  edge_capture_start(&capture, PIN, START_PULSE_US, FRAME_EDGES);
  next_event = 0;
  schedule_start = edge_capture_hw_ticks();
  set_next_timer();
  // A busy wait: `waiti` loses edges in QEMU 7.2.
  while (next_event < event_count || gpio.status != 0) continue;
  edge_capture_finish(&capture);
  if (!is_as_expected()) tally.wrong_frames++;
}

static void print(const char *text) {
  int length = 0;
  while (text[length] != '\0') length++;
  simulator_call(4, 1, text, length);
}

static void print_figure(const char *name, uint32_t figure) {
  char digits[11];
  char *text = digits + sizeof digits - 1;
  *text = '\0';
  do *--text = (char)('0' + figure % 10);
  while ((figure /= 10) != 0);
  print(name);
  print("=");
  print(text);
  print("\n");
}

int main(void) {
  gpio_on_change();
  for (uint32_t frame = 0; frame < FRAMES; frame++) run_frame(frame % 3 != 0);
  print_figure("frames", FRAMES);
  print_figure("lateEdges", tally.late_edges);
  print_figure("lostEdges", tally.lost_edges);
  print_figure("wrongFrames", tally.wrong_frames);
  print_figure("worstErrorUs", tally.worst_error_us);
  return 0;
}
