# A peer of another make: one Eclipse Paho client. Reads its orders as JSON from the first argument, and tells what happens, one JSON
# object a line:
#   {"port": 1883, "version": 4 or 5, "id": …, "clean": true, "user": …, "password": …, "ca": FILE, "transport": "tcp" or "websockets",
#    "will": {topic, payload, qos, retain}, "subscribe": [[filter, qos], …], "publish": [{topic, payload, qos, retain}, …],
#    "end": "listen", "leave" or "die"}
import json
import os
import sys

import paho.mqtt.client as mqtt

orders = json.loads(sys.argv[1])
waiting = set()


def tell(**event):
    print(json.dumps(event), flush=True)


def publish(client):
    for message in orders["publish"]:
        # Both are called in one thread, so none is finished before it is remembered.
        waiting.add(client.publish(message["topic"], message["payload"], message["qos"], message["retain"]).mid)
    finish(client)


def finish(client):
    if waiting or orders["end"] == "listen":
        return
    tell(event="published")
    if orders["end"] == "die":
        os._exit(0)
    client.disconnect()


def on_connect(client, userdata, flags, reason, properties=None):
    tell(event="connected", reason=getattr(reason, "value", reason))
    if orders["subscribe"]:
        client.subscribe([tuple(each) for each in orders["subscribe"]])
    else:
        publish(client)


def on_subscribe(client, userdata, mid, granted, properties=None):
    tell(event="subscribed")
    publish(client)


def on_publish(client, userdata, mid):
    waiting.discard(mid)
    finish(client)


def on_message(client, userdata, message):
    tell(event="heard", topic=message.topic, payload=message.payload.decode(), qos=message.qos, retain=message.retain)


version = mqtt.MQTTv5 if orders["version"] == 5 else mqtt.MQTTv311
# Paho 2 wants to be told which callbacks these are.
callbacks = [mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, "CallbackAPIVersion") else []
clean = {} if version == mqtt.MQTTv5 else {"clean_session": True}
client = mqtt.Client(*callbacks, client_id=orders["id"], protocol=version, transport=orders["transport"], **clean)
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_publish = on_publish
client.on_message = on_message
if orders["user"]:
    client.username_pw_set(orders["user"], orders["password"])
if orders["ca"]:
    client.tls_set(orders["ca"])
if orders["will"]:
    will = orders["will"]
    client.will_set(will["topic"], will["payload"], will["qos"], will["retain"])
client.connect("localhost", orders["port"])
client.loop_forever()
