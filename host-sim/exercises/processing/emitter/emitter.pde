// Emitter in Processing: publishes a random temperature each second on maison/<room>/temperature, and shows it in large.
//
// Sketch > Import library > Manage libraries: "MQTT" by Joel Gaehwiler (256dpi). Then press Run.
// BROKER and ROOM are below. A login comes from the environment (STATION_METEO_USER, STATION_METEO_PASSWORD), so that this file,
// which you may show to others, has no secret in it. This library has no place for a certificate: no TLS here.
//
// What was run: this sketch, its library and the core of Processing 4, compiled as Java, against Mosquitto, which was stopped and came
// back. The Processing application itself has not run it yet. The project's tests read the topic and the payload from it.

import java.net.URLEncoder;
import mqtt.*;

final String BROKER = "127.0.0.1:1883";
final String ROOM = "atelier";
final String TOPIC = "maison/" + ROOM + "/temperature";
final int QOS = 0;
final boolean RETAINED = false;
final int INTERVAL_MS = 1000;
final int RETRY_MS = 2000;

MQTTClient client;
boolean isConnected = false;
boolean hasConnected = false;
int lastTryMs = -RETRY_MS;
int lastMs = 0;
String shown = "–";

void setup() {
  size(480, 200);
  textAlign(CENTER, CENTER);
  textSize(64);
  client = new MQTTClient(this);
}

// Processing calls this 60 times a second; between two calls the library calls the functions at the end of this file.
void draw() {
  if (!hasConnected && millis() - lastTryMs >= RETRY_MS) connect();
  if (isConnected && millis() - lastMs >= INTERVAL_MS) {
    lastMs = millis();
    publishTemperature(random(18, 24));
  }
  background(isConnected ? color(20, 60, 90) : color(90, 30, 30));
  text(shown, width / 2, height / 2);
}

void publishTemperature(float celsius) {
  // nf() would write a decimal comma on a French computer, and the others expect a point.
  String payload = String.format(java.util.Locale.ROOT, "%.1f", celsius);
  try {
    client.publish(TOPIC, payload, QOS, RETAINED);
    println(TOPIC + " " + payload);
    shown = payload + " °C";
  } catch (RuntimeException error) {
    println("Not published: " + error.getMessage());
  }
}

// The first connection is ours to make; after that the library itself reconnects.
void connect() {
  lastTryMs = millis();
  try {
    client.connect("mqtt://" + login() + BROKER, "emitter-" + hex(int(random(1 << 30))));
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

void clientConnected() {
  isConnected = true;
  println("Connected to " + BROKER + ".");
}

void connectionLost() {
  isConnected = false;
  println("The broker " + BROKER + " is away. The library tries again.");
}

// The library asks for this function even where nothing is subscribed.
void messageReceived(String topic, byte[] payload) {
}
