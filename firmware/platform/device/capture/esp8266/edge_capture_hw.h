// The chip under edge_capture.c: the only lines of the capture that a test replaces by its own (test/device/esp8266/edge_capture_hw.h).
//
// It names what it uses of the SDK itself, so that the size of the interrupt can be checked without the SDK; that the declarations
// are the SDK's was checked by compiling with its headers in front (docs/footprint.md).

#ifndef EDGE_CAPTURE_HW_H
#define EDGE_CAPTURE_HW_H

#include <stdint.h>

/** Into the 32 KB of instruction RAM: eagle.app.v6.common.ld of the SDK puts `.iram.text` of C files there. */
#define EDGE_CAPTURE_IRAM __attribute__((section(".iram.text")))

#define EDGE_CAPTURE_INLINE static inline __attribute__((always_inline))

/** Start of the peripherals' registers (ESP8266 Technical Reference 1.7, appendix 1; `PERIPHS_GPIO_BASEADDR` is 0x300 above). */
#define EDGE_CAPTURE_REGISTERS 0x60000000u

/** `ETS_GPIO_INUM` of ets_sys.h: the interrupt of all GPIO lines together. */
#define EDGE_CAPTURE_GPIO_INTERRUPT 4

// In mask ROM (eagle.rom.addr.v6.ld).
extern void ets_delay_us(uint32_t us);
extern void ets_isr_mask(int interrupts);
extern void ets_isr_unmask(int interrupts);
/** Tensilica's XTOS: returns the handler before, and null where there was none. */
extern void (*_xtos_set_interrupt_handler_arg(int interrupt, void (*handler)(void *), void *argument))(void *);
// In the SDK (user_interface.h).
extern uint8_t system_get_cpu_freq(void);

EDGE_CAPTURE_INLINE uint32_t edge_capture_hw_read(uint32_t offset) {
  return *(volatile uint32_t *)(EDGE_CAPTURE_REGISTERS + offset);
}

EDGE_CAPTURE_INLINE void edge_capture_hw_write(uint32_t offset, uint32_t value) {
  *(volatile uint32_t *)(EDGE_CAPTURE_REGISTERS + offset) = value;
}

/** Cycles of the processor: the one clock that an interrupt reads in a single instruction. */
EDGE_CAPTURE_INLINE uint32_t edge_capture_hw_ticks(void) {
  uint32_t ticks;
  __asm__ volatile("rsr.ccount %0" : "=r"(ticks));
  return ticks;
}

/** 80 or 160. */
EDGE_CAPTURE_INLINE uint32_t edge_capture_hw_ticks_per_us(void) {
  return system_get_cpu_freq();
}

EDGE_CAPTURE_INLINE void edge_capture_hw_wait_us(uint32_t us) {
  ets_delay_us(us);
}

EDGE_CAPTURE_INLINE uint32_t edge_capture_hw_is_interrupt_enabled(void) {
  uint32_t enabled;
  __asm__ volatile("rsr.intenable %0" : "=r"(enabled));
  return (enabled >> EDGE_CAPTURE_GPIO_INTERRUPT) & 1u;
}

EDGE_CAPTURE_INLINE void edge_capture_hw_disable_interrupt(void) {
  ets_isr_mask(1 << EDGE_CAPTURE_GPIO_INTERRUPT);
}

EDGE_CAPTURE_INLINE void edge_capture_hw_enable_interrupt(void) {
  ets_isr_unmask(1 << EDGE_CAPTURE_GPIO_INTERRUPT);
}

/** Makes `handler` that of all GPIO lines, and returns the one before, or null. */
EDGE_CAPTURE_INLINE void (*edge_capture_hw_set_handler(void (*handler)(void *), void *argument))(void *) {
  return _xtos_set_interrupt_handler_arg(EDGE_CAPTURE_GPIO_INTERRUPT, handler, argument);
}

#endif
