/* A stand-in for the Wi-Fi of the ESP8266 core: the network is there when run.cpp says so. */

#pragma once

#include "Arduino.h"

enum WiFiMode_t { WIFI_STA = 1 };
enum wl_status_t { WL_CONNECTED = 3, WL_DISCONNECTED = 7 };

struct WiFiStation {
  void mode(WiFiMode_t) {}
  void begin(const char *ssid, const char *) { std::printf("wifi %s\n", ssid); }
  wl_status_t status();
};
extern WiFiStation WiFi;

class WiFiClient {};
