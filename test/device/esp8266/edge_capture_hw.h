// Stands in for the chip under edge_capture.c: registers are those of gpio_model.c, the clock is the one of the program under test.

#ifndef EDGE_CAPTURE_HW_H
#define EDGE_CAPTURE_HW_H

#include <stdbool.h>
#include <stdint.h>

#define EDGE_CAPTURE_IRAM

uint32_t edge_capture_hw_read(uint32_t offset);
void edge_capture_hw_write(uint32_t offset, uint32_t value);
uint32_t edge_capture_hw_ticks(void);
uint32_t edge_capture_hw_ticks_per_us(void);
void edge_capture_hw_wait_us(uint32_t us);
bool edge_capture_hw_is_interrupt_enabled(void);
void edge_capture_hw_disable_interrupt(void);
void edge_capture_hw_enable_interrupt(void);
void (*edge_capture_hw_set_handler(void (*handler)(void *), void *argument))(void *);

#endif
