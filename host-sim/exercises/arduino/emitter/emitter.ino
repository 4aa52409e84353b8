// Emitter for a NodeMCU (ESP8266) and the Arduino IDE: publishes a random temperature each second on maison/<room>/temperature.
//
// Before you upload it:
//   1. Preferences, additional board manager URLs: https://arduino.esp8266.com/stable/package_esp8266com_index.json
//   2. Board manager: "esp8266". Board: "NodeMCU 1.0 (ESP-12E Module)". Library manager: "MQTT" by Joel Gaehwiler (256dpi).
//   3. Copy secrets.example.h to secrets.h and fill it in: that file stays on your computer (.gitignore names it).
// Then open the serial monitor at 115200 baud.
//
// What was run: this very sketch, with this library (2.5.3), in the emulation for a computer that the ESP8266 core (3.2.0-dev) brings
// for its own tests, against Mosquitto, which was stopped and came back. No board has run it yet. The project's tests compile it and
// run it against stand-ins of core and library (test/device/arduino).

#include <ESP8266WiFi.h>
#include <MQTT.h>
#include "secrets.h"

#define ROOM "cour"  // one name for each board: two of one name would be one room to everybody
const char TOPIC[] = "maison/" ROOM "/temperature";  // the compiler joins texts that stand side by side

const int QOS = 1;
const bool RETAINED = false;
const unsigned long INTERVAL_MS = 1000;
const unsigned long RETRY_MS = 2000;

WiFiClient network;
MQTTClient client;
unsigned long lastMs = 0;

// With QoS 1, publish() waits for the broker's acknowledgement, and returns false when it does not come.
void publishTemperature(float celsius) {
  String payload = String(celsius, 1);
  bool isAcknowledged = client.publish(TOPIC, payload, RETAINED, QOS);
  Serial.println(String(TOPIC) + " " + payload + (isAcknowledged ? "  acknowledged" : "  failed"));
}

// One try; loop() comes back here until it has worked, and whenever the connection is lost.
void connect() {
  if (WiFi.status() != WL_CONNECTED) {
    Serial.println("No Wi-Fi yet.");  // the chip itself keeps trying
    delay(RETRY_MS);
    return;
  }
  // The number of the chip makes the name unique: of two clients of one name, the broker throws out the older.
  String id = "emitter-" + String(ESP.getChipId(), HEX);
  bool hasLogin = BROKER_USER[0] != '\0';
  bool isConnected = hasLogin ? client.connect(id.c_str(), BROKER_USER, BROKER_PASSWORD) : client.connect(id.c_str());
  if (isConnected) {
    Serial.println("Connected to " BROKER_HOST ".");
    return;
  }
  // 4 or 5: the broker refuses our login. 0: it was not even reached.
  Serial.println("The broker " BROKER_HOST " is away, or refuses us (code " + String(client.returnCode()) + ").");
  delay(RETRY_MS);
}

void setup() {
  Serial.begin(115200);
  WiFi.mode(WIFI_STA);  // a station of the Wi-Fi, and no access point of its own
  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);
  client.begin(BROKER_HOST, BROKER_PORT, network);
}

void loop() {
  client.loop();  // reads what the broker says, and pings it: without this the connection dies
  delay(10);      // time for the Wi-Fi, which lives on the same processor
  if (!client.connected()) {
    connect();
    return;
  }
  // Unsigned, the difference is right even when millis() starts again at 0, after 49 days.
  if (millis() - lastMs < INTERVAL_MS) return;
  lastMs = millis();
  publishTemperature(random(180, 241) / 10.0);  // from 18.0 to 24.0 °C
}
