// The world in which a test runs rmt-line.c: just as much of XS, of the SDK and of ESP-IDF as that file names, and each call told.

#ifndef ESP32_LINE_WORLD_H
#define ESP32_LINE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// XS: one machine with one object; numbers are all that slots hold.
typedef int xsSlot;
typedef uint32_t xsUnsignedValue;
typedef struct {
  xsSlot self, args[1], vars[1], result, callback;
  void *host;
  uint16_t edges[88];
  jmp_buf thrown;
} xsMachine;
typedef void (*xsMarkRoot)(xsMachine *, xsSlot *);
typedef struct {
  void (*destructor)(void *);
  void (*mark)(xsMachine *, void *, xsMarkRoot);
  const char *signature;
} xsHostHooks;

void tell(const char *format, ...);
void throw_error(xsMachine *the, const char *message);
void call_back(void);

#define ICACHE_RODATA_ATTR
#define xsThis (the->self)
#define xsArg(index) (the->args[index])
#define xsVar(index) (the->vars[index])
#define xsResult (the->result)
#define xsmcVars(count) ((void)(count))
#define xsmcGet(slot, object, id) ((slot) = (object))
#define xsmcToInteger(slot) (slot)
#define xsmcSetInteger(slot, value) ((slot) = (value))
#define xsmcSetHostData(slot, data) ((void)(slot), the->host = (data))
#define xsmcGetHostDataValidate(slot, hooks) ((void)(slot), (void)(hooks), the->host)
#define xsSetHostHooks(slot, hooks) ((void)(slot), (void)(hooks))
#define xsmcGetBufferWritable(slot, data, length) (*(data) = the->edges, *(length) = (xsUnsignedValue)(slot) * 2)
#define xsRemember(slot) ((void)(the), (void)(slot), tell("remember"))
#define xsForget(slot) ((void)(the), (void)(slot), tell("forget"))
#define xsBeginHost(machine) (void)(machine)
#define xsEndHost(machine) (void)(machine)
#define xsReference(slot) (slot)
#define xsCallFunction0(function, object) ((void)(function), (void)(object), call_back())
#define xsRangeError(message) throw_error(the, message)
#define xsUnknownError(message) throw_error(the, message)
#define c_calloc calloc
#define c_free free

// The SDK.
typedef void (*modMessageDeliver)(void *, void *, uint8_t *, uint16_t);
int modMessagePostToMachineFromISR(xsMachine *the, modMessageDeliver deliver, void *refcon);
#define builtinGetPin(the, slot) ((void)(the), (uint32_t)*(slot))
#define builtinGetCallback(the, id) (&(the)->callback)
bool builtinIsPinFree(uint32_t pin);
bool builtinUsePin(uint32_t pin);
void builtinFreePin(uint32_t pin);

// FreeRTOS: one lock, which may not be taken twice.
typedef int portMUX_TYPE;
void take_lock(portMUX_TYPE *lock);
void give_lock(portMUX_TYPE *lock);
#define portMUX_INITIALIZE(lock) (*(lock) = 0)
#define portENTER_CRITICAL take_lock
#define portENTER_CRITICAL_ISR take_lock
#define portEXIT_CRITICAL give_lock
#define portEXIT_CRITICAL_ISR give_lock

// ESP-IDF.
typedef int esp_err_t;
typedef int gpio_num_t;
enum { ESP_OK = 0, ESP_ERR_INVALID_STATE = 0x103 };
enum { GPIO_MODE_INPUT_OUTPUT_OD = 7, GPIO_PULLUP_ENABLE = 1, RMT_CLK_SRC_DEFAULT = 4, SOC_RMT_MEM_WORDS_PER_CHANNEL = 48 };
#define GPIO_IS_VALID_OUTPUT_GPIO(pin) ((pin) < 34)
typedef struct {
  uint64_t pin_bit_mask;
  int mode, pull_up_en;
} gpio_config_t;
esp_err_t gpio_config(const gpio_config_t *config);
esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level);
esp_err_t gpio_reset_pin(gpio_num_t pin);
void esp_rom_delay_us(uint32_t us);

typedef union {
  uint32_t val;
} rmt_symbol_word_t;
typedef struct rmt_channel_t *rmt_channel_handle_t;
typedef struct {
  gpio_num_t gpio_num;
  int clk_src;
  uint32_t resolution_hz;
  size_t mem_block_symbols;
} rmt_rx_channel_config_t;
typedef struct {
  uint32_t signal_range_min_ns, signal_range_max_ns;
} rmt_receive_config_t;
typedef struct {
  rmt_symbol_word_t *received_symbols;
  size_t num_symbols;
} rmt_rx_done_event_data_t;
typedef struct {
  bool (*on_recv_done)(rmt_channel_handle_t, const rmt_rx_done_event_data_t *, void *);
} rmt_rx_event_callbacks_t;
esp_err_t rmt_new_rx_channel(const rmt_rx_channel_config_t *config, rmt_channel_handle_t *channel);
esp_err_t rmt_rx_register_event_callbacks(rmt_channel_handle_t channel, const rmt_rx_event_callbacks_t *callbacks, void *context);
esp_err_t rmt_enable(rmt_channel_handle_t channel);
esp_err_t rmt_disable(rmt_channel_handle_t channel);
esp_err_t rmt_del_channel(rmt_channel_handle_t channel);
esp_err_t rmt_receive(rmt_channel_handle_t channel, void *buffer, size_t size, const rmt_receive_config_t *config);

// rmt-line.c.
void xs_rmt_line_constructor(xsMachine *the);
void xs_rmt_line_destructor(void *data);
void xs_rmt_line_start(xsMachine *the);
void xs_rmt_line_read(xsMachine *the);
void xs_rmt_line_stop(xsMachine *the);

#endif
