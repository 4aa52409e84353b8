// The GPIO block of the ESP8266 as the tests need it: registers with their set and clear addresses, lines that a sensor may pull
// low, and the latch that holds an edge until the interrupt clears it.

#ifndef GPIO_MODEL_H
#define GPIO_MODEL_H

#include <stdbool.h>
#include <stdint.h>

struct gpio_model {
  uint32_t out;
  uint32_t enable;
  uint32_t status;
  uint32_t pin_config[16];
  uint32_t mux[16];
  /** Lines that something outside holds low. */
  uint32_t pulled_low;
  bool is_interrupt_enabled;
  void (*handler)(void *);
  void *handler_argument;
};

extern struct gpio_model gpio;

/** The level of all lines: high unless pulled low from outside or by the chip itself. */
uint32_t gpio_levels(void);

/** The sensor at `pin` pulls the line low, or lets it go. */
void gpio_pull(uint32_t pin, bool is_low);

/** To be had from the program: something may have changed that raises or ends the interrupt. */
void gpio_on_change(void);

/** Whether the interrupt is pending and enabled. */
bool gpio_is_interrupting(void);

#endif
