/* Runs the sketch for a while: Wi-Fi comes late, the broker later still, goes once, and comes back. Prints what the sketch does. */

#include "MQTT.h"

static const unsigned long WIFI_FROM_MS = 5000;
static const unsigned long BROKER_FROM_MS = 10000;
static const unsigned long BROKER_GONE_MS = 20000;
static const unsigned long BROKER_BACK_MS = 30000;
static const unsigned long END_MS = 40000;

SerialPort Serial;
Chip ESP;
WiFiStation WiFi;

static unsigned long nowMs = 0;

unsigned long millis() { return nowMs; }
void delay(unsigned long ms) { nowMs += ms; }
long random(long low, long high) { return low + std::rand() % (high - low); }

wl_status_t WiFiStation::status() { return nowMs >= WIFI_FROM_MS ? WL_CONNECTED : WL_DISCONNECTED; }

static bool isBrokerUp() { return (nowMs >= BROKER_FROM_MS && nowMs < BROKER_GONE_MS) || nowMs >= BROKER_BACK_MS; }

bool MQTTClient::connect(const char id[], const char user[], const char password[]) {
  std::printf("connect %lu %s %s %s\n", nowMs, id, user ? user : "-", password ? password : "-");
  return isConnected_ = isBrokerUp();
}

bool MQTTClient::publish(const char topic[], const String &payload, bool retained, int qos) {
  isConnected_ = isConnected_ && isBrokerUp();
  if (isConnected_) std::printf("publish %lu %s %s %d %d\n", nowMs, topic, payload.c_str(), retained, qos);
  return isConnected_;
}

bool MQTTClient::loop() { return connected(); }

bool MQTTClient::connected() { return isConnected_ = isConnected_ && isBrokerUp(); }

void setup();
void loop();

int main() {
  setup();
  while (nowMs < END_MS) loop();
}
