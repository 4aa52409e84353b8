// What is yours alone: copy this file to secrets.h, and fill that one in. It is not committed, so that no secret goes to others.

#define WIFI_SSID "name of the network"
#define WIFI_PASSWORD "its password"

// The computer that runs the broker, by its address: the ESP8266 does not look up names that end in .local.
#define BROKER_HOST "192.168.1.10"
#define BROKER_PORT 1883

// Empty where the broker asks for no login.
#define BROKER_USER ""
#define BROKER_PASSWORD ""
