// Averages in Processing: shows the mean temperature of each room over the last minute, and of the house.
//
// Sketch > Import library > Manage libraries: "MQTT" by Joel Gaehwiler (256dpi). Then press Run.
// As in ../emitter, BROKER is below, a login comes from the environment, and there is no TLS.
// This library does not tell which messages are retained, so the value that the broker keeps of a silent room counts for a minute
// after the start.
//
// What was run: this sketch, its library and the core of Processing 4, compiled as Java, against Mosquitto, which was stopped and came
// back. The Processing application itself has not run it yet. The project's tests read its filter from it.

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.*;
import mqtt.*;

final String BROKER = "127.0.0.1:1883";
final String FILTER = "maison/+/temperature";  // + is any one level: the room
final int QOS = 1;
final int WINDOW_MS = 60000;
final int ROOMS_MAXIMUM = 100;       // a stranger who invents rooms cannot fill the memory
final int READINGS_MAXIMUM = 1000;   // of each room, the newest
final int RETRY_MS = 2000;

class Reading {
  final float celsius;
  final int atMs;
  Reading(float celsius, int atMs) {
    this.celsius = celsius;
    this.atMs = atMs;
  }
}

MQTTClient client;
boolean isConnected = false;
boolean hasConnected = false;
int lastTryMs = -RETRY_MS;
TreeMap<String, ArrayDeque<Reading>> rooms = new TreeMap<String, ArrayDeque<Reading>>();

void setup() {
  size(640, 480);
  textSize(28);
  client = new MQTTClient(this);
}

void draw() {
  if (!hasConnected && millis() - lastTryMs >= RETRY_MS) connect();
  background(isConnected ? color(20, 60, 90) : color(90, 30, 30));
  int line = 1;
  float sum = 0;
  int heard = 0;
  for (String room : rooms.keySet()) {
    float mean = meanOf(rooms.get(room));
    text(room + "   " + shown(mean), 20, 40 * line++);
    if (Float.isNaN(mean)) continue;
    sum += mean;
    heard++;
  }
  // The mean of the means: each room counts once, however often it publishes, and a silent one does not count.
  text("maison   " + shown(heard == 0 ? Float.NaN : sum / heard), 20, 40 * ++line);
}

// The library calls this for each message.
void messageReceived(String topic, byte[] payload) {
  String room = split(topic, '/')[1];
  String text = new String(payload, StandardCharsets.UTF_8);
  if (!text.matches("-?\\d{1,3}(\\.\\d{1,6})?")) {
    println(room + ": no temperature (" + payload.length + " bytes)");
    return;
  }
  if (!rooms.containsKey(room) && rooms.size() < ROOMS_MAXIMUM) rooms.put(room, new ArrayDeque<Reading>());
  ArrayDeque<Reading> readings = rooms.get(room);
  if (readings == null) {
    println("One room too many.");
    return;
  }
  readings.add(new Reading(Float.parseFloat(text), millis()));
  if (readings.size() > READINGS_MAXIMUM) readings.remove();
}

// NaN, "not a number", where the room has fallen silent.
float meanOf(ArrayDeque<Reading> readings) {
  while (!readings.isEmpty() && millis() - readings.peek().atMs > WINDOW_MS) readings.remove();
  float sum = 0;
  for (Reading reading : readings) sum += reading.celsius;
  return readings.isEmpty() ? Float.NaN : sum / readings.size();
}

String shown(float celsius) {
  return Float.isNaN(celsius) ? "silent" : String.format(Locale.ROOT, "%.1f °C", celsius);
}

// The first connection is ours to make; after that the library itself reconnects.
void connect() {
  lastTryMs = millis();
  try {
    client.connect("mqtt://" + login() + BROKER, "averages-" + hex(int(random(1 << 30))));
    hasConnected = true;
  } catch (RuntimeException error) {
    println("The broker " + BROKER + " is away, or refuses us. " + error.getMessage());
  }
}

// "user:password@", each written as in a URL; empty where no login is set.
String login() {
  String user = System.getenv("STATION_METEO_USER");
  String password = System.getenv("STATION_METEO_PASSWORD");
  return user == null ? "" : inUrl(user) + ":" + inUrl(password == null ? "" : password) + "@";
}

String inUrl(String text) {
  try {
    return URLEncoder.encode(text, "UTF-8").replace("+", "%20");
  } catch (java.io.UnsupportedEncodingException impossible) {
    throw new RuntimeException(impossible);
  }
}

// After each connection: the broker has forgotten what we subscribed to before.
void clientConnected() {
  isConnected = true;
  client.subscribe(FILTER, QOS);
}

void connectionLost() {
  isConnected = false;
  println("The broker " + BROKER + " is away. The library tries again.");
}
