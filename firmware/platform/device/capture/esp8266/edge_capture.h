// Records when one GPIO line of an ESP8266 changes: gives the start pulse that wakes a single-wire sensor, then takes the time of
// each edge in an interrupt. Knows nothing of XS; the chip is behind edge_capture_hw.h.

#ifndef EDGE_CAPTURE_H
#define EDGE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

/** Room for an answer of 84 edges (2 of response, 2 for each of 40 bits, 2 at the end) and 4 that do not belong to it. */
#define EDGE_CAPTURE_MAX_EDGES 88

/** An answer takes at most 6 ms; what comes 10 ms after the start pulse does not belong to it. */
#define EDGE_CAPTURE_DEADLINE_US 10000

typedef void edge_capture_handler(void *argument);

/** What `edge_capture_finish` puts back. */
struct edge_capture_found {
  uint32_t out;
  uint32_t enable;
  uint32_t pin_config;
  uint32_t pin_mux;
  bool is_interrupt_enabled;
  edge_capture_handler *handler;
};

/** One capture. The caller owns the memory, which must not move between start and finish; all zero is a capture that does not run. */
struct edge_capture {
  struct edge_capture_found found;
  uint32_t pin;
  uint32_t pin_mask;
  uint32_t released_ticks;
  uint32_t deadline_ticks;
  uint32_t max_edges;
  bool is_running;
  // From here on the interrupt writes.
  volatile bool is_high;
  volatile uint32_t edge_count;
  uint32_t edge_ticks[EDGE_CAPTURE_MAX_EDGES];
};

/** Whether the line may be at `pin`: GPIO 6 to 11 are the flash chip's, and GPIO 16 has no interrupt. */
bool edge_capture_is_pin(uint32_t pin);

/**
 * Holds the line low for `start_pulse_us`, with interrupts left on, releases it and returns; from there on edges are stored, until
 * there are `max_edges` (1 to EDGE_CAPTURE_MAX_EDGES) or the deadline has passed. `capture` must not run, and `pin` must be one.
 */
void edge_capture_start(struct edge_capture *capture, uint32_t pin, uint32_t start_pulse_us, uint32_t max_edges);

/** Ends a capture, whatever its state, and leaves pin and interrupt as they were before `edge_capture_start`. */
void edge_capture_finish(struct edge_capture *capture);

/** How many edges there are. Call it after `edge_capture_finish`. */
uint32_t edge_capture_count(const struct edge_capture *capture);

/** When edge `index` came, in µs since the first. The first one falls, and they alternate. */
uint16_t edge_capture_us(const struct edge_capture *capture, uint32_t index);

#endif
