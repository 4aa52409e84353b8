// The host's clock for rooms without internet time: epoch seconds on <prefix>/clock each minute (design §3).

import mqtt from 'mqtt';
import type { Settings } from '../firmware/station/settings.js';
import { type Credentials, contextOptions } from './ports/node-tls.js';

const CLOCK_INTERVAL_MS = 60_000;

/** Publishes the time now and each minute with `publish`; returns what stops it. */
export function startClock(settings: Settings, publish: (topic: string, epochSeconds: number) => void): () => void {
  const tell = () => publish(`${settings.prefix}/clock`, Math.floor(Date.now() / 1000));
  tell();
  const interval = setInterval(tell, CLOCK_INTERVAL_MS);
  return () => clearInterval(interval);
}

/** The same on a broker elsewhere, with a client of its own. */
export function startRemoteClock(settings: Settings, credentials: Credentials): () => void {
  const { broker, user, password } = settings;
  const client = mqtt.connect(broker, { ...(user !== '' && { username: user, password }), ...contextOptions(credentials) });
  // The stations report a broker that cannot be reached; the clock goes on trying.
  client.on('error', () => {});
  // It runs only while there is a connection: a time that comes late is wrong.
  let stop = () => {};
  client.on('connect', () => {
    stop = startClock(settings, (topic, epochSeconds) => client.publish(topic, String(epochSeconds), { qos: 0, retain: false }));
  });
  client.on('close', () => stop());
  return () => {
    stop();
    client.end(true);
  };
}
