#!/usr/bin/env python3
"""Emitter in Python: publishes a random temperature each second on maison/<room>/temperature, with Eclipse Paho.

    sudo apt install python3-paho-mqtt          (or, in a virtual environment: pip install paho-mqtt)
    python3 emitter.py --room bureau

The same exercise as ../emitter.ts, in another language and for the same broker: neither of the two knows of the other.
Was run against Mosquitto with Paho 1.6.1 (Debian 12), as the tests of the project do, and by hand with Paho 2.1.
"""

import argparse
import os
import random
import secrets
import signal
import sys
import threading
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt

INTERVAL_S = 1
RETRY_S = 2
ACKNOWLEDGE_LIMIT_S = 5
PORTS = {"mqtt": 1883, "mqtts": 8883}


def parse_options():
    parser = argparse.ArgumentParser(description="Publishes a random temperature each second.", allow_abbrev=False)
    add = parser.add_argument
    add("--room", type=a_room, default="bureau", help="one level of the topic (default: %(default)s)")
    add("--qos", type=int, choices=(0, 1, 2), default=0, help="at most, at least, or exactly once (default: %(default)s)")
    add("--broker", type=a_broker, default="mqtt://127.0.0.1:1883", metavar="URL",
        help="mqtt:// or mqtts:// (TLS), and host or host:port (default: %(default)s)")
    # No option for the password itself: what is typed on a command line is seen by everybody on the computer.
    add("--user", default=os.environ.get("STATION_METEO_USER"), help="login, or STATION_METEO_USER")
    add("--password-file", dest="password", type=first_line, default=None, metavar="FILE",
        help="its first line is the password; or STATION_METEO_PASSWORD")
    add("--ca", metavar="FILE", help="with mqtts: trust the brokers that this certificate vouches for")
    add("--prefix", type=a_prefix, default="maison", help="what the topics begin with (default: %(default)s)")
    options = parser.parse_args()
    if options.ca is not None and options.broker.scheme != "mqtts":
        parser.error("argument --ca: goes with TLS, --broker mqtts://host")
    if options.ca is not None and not os.access(options.ca, os.R_OK):
        parser.error(f"argument --ca: cannot read {options.ca!r}")
    return options


def main():
    options = parse_options()
    topic = f"{options.prefix}/{options.room}/temperature"
    broker = f"{options.broker.hostname}:{options.broker.port or PORTS[options.broker.scheme]}"
    is_connected, is_refused, is_ending = threading.Event(), threading.Event(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: is_ending.set())

    client = new_client(f"emitter-{secrets.token_hex(4)}")
    report_connection(client, broker, is_connected, is_refused, is_ending)
    if options.user is not None:
        client.username_pw_set(options.user, options.password or os.environ.get("STATION_METEO_PASSWORD"))
    if options.broker.scheme == "mqtts":
        client.tls_set(options.ca)  # None: those that the system trusts
    client.reconnect_delay_set(RETRY_S, RETRY_S)
    host, port = broker.rsplit(":", 1)
    client.connect_async(host, int(port), keepalive=15)
    client.loop_start()  # a thread of its own, which connects, reconnects, and reads what the broker says

    while not is_ending.wait(INTERVAL_S):
        # Paho would keep the message and send it later, when it is no longer true.
        if is_connected.is_set():
            publish(client, topic, f"{random.uniform(18, 24):.1f}", options.qos)

    client.disconnect()  # so that the broker knows it for no accident
    client.loop_stop()
    return 1 if is_refused.is_set() else 0


def publish(client, topic, payload, qos):
    message = client.publish(topic, payload, qos)
    if message.rc != mqtt.MQTT_ERR_SUCCESS:
        print(f"{topic} {payload} failed: {mqtt.error_string(message.rc)}", file=sys.stderr)
        return
    message.wait_for_publish(ACKNOWLEDGE_LIMIT_S)
    fate = "sent" if qos == 0 else "acknowledged" if message.is_published() else "not acknowledged yet"
    print(f"{topic} {payload}  {fate} (QoS {qos})", flush=True)


def new_client(client_id):
    """A client of Paho 2, whose callbacks have new signatures, or of Paho 1, which knows but one kind."""
    if hasattr(mqtt, "CallbackAPIVersion"):
        return mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id)
    return mqtt.Client(client_id)


def report_connection(client, broker, is_connected, is_refused, is_ending):
    """Says how the connection fares, and keeps the events true."""
    is_missed = threading.Event()

    def on_connect(_client, _userdata, _flags, reason, *_):
        if reason == 0:
            is_connected.set()
            is_missed.clear()
            print(f"Connected to {broker}.", file=sys.stderr)
            return
        # A refusal, such as for a wrong login, stays one: to ask again would not change it.
        words = mqtt.connack_string(reason) if isinstance(reason, int) else reason
        print(f"The broker {broker} refuses us: {words}", file=sys.stderr)
        is_refused.set()
        is_ending.set()

    def on_loss(*_):
        is_connected.clear()
        if not is_missed.is_set() and not is_ending.is_set():
            is_missed.set()
            print(f"The broker {broker} is away. Trying again every {RETRY_S} s.", file=sys.stderr)

    client.on_connect = on_connect
    client.on_disconnect = on_loss
    client.on_connect_fail = on_loss


def a_broker(text):
    if "@" in text:
        raise argparse.ArgumentTypeError("a login does not belong in the URL, but in --user and --password-file")
    try:
        url = urlsplit(text)
        is_allowed = url.scheme in PORTS and url.hostname and not url.path and url.port != 0
    except ValueError:  # from url.port
        is_allowed = False
    if not is_allowed:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed: mqtt:// or mqtts://, then host or host:port")
    return url


def a_prefix(text):
    if text == "" or any(character in text for character in "+#") or text.startswith("$"):
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed: no + or # in it, no $ at its beginning, and not empty")
    return text


def a_room(text):
    if "/" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed: / would make two levels of it, and a room is one")
    return a_prefix(text)


def first_line(file):
    try:
        with open(file, encoding="utf-8") as lines:
            return lines.readline().rstrip("\r\n")
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot read {file!r} ({error.strerror})") from error


if __name__ == "__main__":
    sys.exit(main())
