// Plays a script on rmt-line.c: commands in, one on each line; out what it did to the world, one line for each command.
//
// new PIN, start US, record (the interrupt of a complete answer), turn (XS takes its messages), read LIMIT, stop, destroy;
// busy PIN, full (the message queue), deny (no channel), stopping (the callback stops the line).

#include "esp32-line-world.h"

static xsMachine machine;
static struct {
  bool isChannelDenied, isQueueFull, isStopping;
  int busyPin;
  enum { INIT, ENABLED, RUNNING } channel;
  rmt_rx_event_callbacks_t callbacks;
  void *context, *buffer, *refcon;
  modMessageDeliver deliver;
} world = {.busyPin = -1};

void tell(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("; ");
}

void throw_error(xsMachine *the, const char *message) {
  tell("throws %s", message);
  longjmp(the->thrown, 1);
}

void call_back(void) {
  tell("onReadable");
  if (world.isStopping) xs_rmt_line_stop(&machine);
}

int modMessagePostToMachineFromISR(xsMachine *the, modMessageDeliver deliver, void *refcon) {
  (void)the;
  if (world.isQueueFull) return -1;
  if (world.deliver) abort();
  world.deliver = deliver;
  world.refcon = refcon;
  tell("post");
  return 0;
}

bool builtinIsPinFree(uint32_t pin) { return (int)pin != world.busyPin; }
bool builtinUsePin(uint32_t pin) { return tell("use %u", (unsigned)pin), true; }
void builtinFreePin(uint32_t pin) { tell("free %u", (unsigned)pin); }

void take_lock(portMUX_TYPE *lock) {
  if (*lock) abort();
  *lock = 1;
}

void give_lock(portMUX_TYPE *lock) {
  if (!*lock) abort();
  *lock = 0;
}

esp_err_t gpio_config(const gpio_config_t *config) { return tell("open drain %d", config->mode == GPIO_MODE_INPUT_OUTPUT_OD), ESP_OK; }
esp_err_t gpio_set_level(gpio_num_t pin, uint32_t level) { return (void)pin, tell("%s", level ? "high" : "low"), ESP_OK; }
esp_err_t gpio_reset_pin(gpio_num_t pin) { return tell("reset %d", pin), ESP_OK; }
void esp_rom_delay_us(uint32_t us) { tell("%u us", (unsigned)us); }

esp_err_t rmt_new_rx_channel(const rmt_rx_channel_config_t *config, rmt_channel_handle_t *channel) {
  if (world.isChannelDenied) return ESP_ERR_INVALID_STATE;
  *channel = (rmt_channel_handle_t)(void *)&world;
  tell("channel %u Hz %zu", (unsigned)config->resolution_hz, config->mem_block_symbols);
  return ESP_OK;
}

esp_err_t rmt_rx_register_event_callbacks(rmt_channel_handle_t channel, const rmt_rx_event_callbacks_t *callbacks, void *context) {
  (void)channel;
  world.callbacks = *callbacks;
  world.context = context;
  return ESP_OK;
}

/** Moves the driver's channel on, or refuses as the driver does. */
static esp_err_t step(bool isAllowed, int next, const char *name) {
  if (!isAllowed) return ESP_ERR_INVALID_STATE;
  world.channel = next;
  tell("%s", name);
  return ESP_OK;
}

esp_err_t rmt_enable(rmt_channel_handle_t channel) { return (void)channel, step(world.channel == INIT, ENABLED, "enable"); }
esp_err_t rmt_disable(rmt_channel_handle_t channel) { return (void)channel, step(world.channel != INIT, INIT, "disable"); }
esp_err_t rmt_del_channel(rmt_channel_handle_t channel) { return (void)channel, step(world.channel == INIT, INIT, "delete"); }

esp_err_t rmt_receive(rmt_channel_handle_t channel, void *buffer, size_t size, const rmt_receive_config_t *config) {
  (void)channel, (void)size, (void)config;
  world.buffer = buffer;
  return step(world.channel == ENABLED, RUNNING, "receive");
}

/** The interrupt: after the release high for 30 µs, low for 80, and high for good. */
static void record(void) {
  const uint32_t symbols[] = {80u << 16 | 0x8000 | 30, 0x8000};
  if (world.channel == RUNNING) {
    memcpy(world.buffer, symbols, sizeof symbols);
    world.channel = ENABLED;
  }
  const rmt_rx_done_event_data_t event = {.received_symbols = world.buffer, .num_symbols = 2};
  world.callbacks.on_recv_done((rmt_channel_handle_t)(void *)&world, &event, world.context);
}

static void turn(void) {
  const modMessageDeliver deliver = world.deliver;
  world.deliver = NULL;
  if (deliver) deliver(&machine, world.refcon, NULL, 0);
}

static void read_edges(void) {
  xs_rmt_line_read(&machine);
  for (int index = 0; index < machine.result; index++) tell("%d", machine.edges[index]);
}

static void play(const char *command, int argument) {
  machine.args[0] = argument;
  if (setjmp(machine.thrown)) return;
  if (!strcmp(command, "new")) xs_rmt_line_constructor(&machine);
  if (!strcmp(command, "start")) xs_rmt_line_start(&machine);
  if (!strcmp(command, "record")) record();
  if (!strcmp(command, "turn")) turn();
  if (!strcmp(command, "read")) read_edges();
  if (!strcmp(command, "stop")) xs_rmt_line_stop(&machine);
  if (!strcmp(command, "destroy")) xs_rmt_line_destructor(machine.host);
  if (!strcmp(command, "busy")) world.busyPin = argument;
  if (!strcmp(command, "full")) world.isQueueFull = true;
  if (!strcmp(command, "deny")) world.isChannelDenied = true;
  if (!strcmp(command, "stopping")) world.isStopping = true;
}

int main(void) {
  char line[64], command[16];
  while (fgets(line, sizeof line, stdin)) {
    int argument = 0;
    if (sscanf(line, "%15s %d", command, &argument) < 1) return 1;
    play(command, argument);
    printf("\n");
  }
  return 0;
}
