/* A stand-in for the 256dpi MQTT library: signatures of its version 2.5, and a broker that is there when run.cpp says so. */

#pragma once

#include "ESP8266WiFi.h"

class MQTTClient {
 public:
  void begin(const char host[], int port, WiFiClient &) { std::printf("broker %s:%d\n", host, port); }
  bool connect(const char id[], const char user[] = nullptr, const char password[] = nullptr);
  bool publish(const char topic[], const String &payload, bool retained, int qos);
  bool loop();
  bool connected();
  int returnCode() { return 0; }

 private:
  bool isConnected_ = false;
};
