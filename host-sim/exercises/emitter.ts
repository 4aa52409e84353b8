// Emitter: publishes a random temperature each second on maison/<room>/temperature. The smallest weather station there is.
//
// One line of it is MQTT: client.publish(topic, payload, { qos }). The broker hands the message to whoever has subscribed, and the
// emitter never learns who that is. What it does learn depends on the QoS, the quality of service between it and the broker:
//   0  at most once: sent, and that is all. What the network loses is lost.
//   1  at least once: the broker acknowledges (PUBACK); without that, the message is sent again. It can arrive twice.
//   2  exactly once: two round trips (PUBREC, PUBREL, PUBCOMP).
// While the broker is away this emitter measures in vain. A real station keeps what it measured: see firmware/spool.

import { parseArgs } from 'node:util';
import { BROKER_HELP, BROKER_OPTIONS, brokerOf, PREFIX_HELP, PREFIX_OPTION, prefixOf, qosOf, refuse, run } from './command-line.js';
import { connect } from './connection.js';
import { roomProblem } from './topics.js';

const INTERVAL_MS = 1_000;

const HELP = `Publishes a random temperature each second.

  npm run emitter -- --room salon

  --room NAME           one level of the topic (default: salon)
  --qos 0|1|2           how sure the broker shall be to have it (default: 0)
${PREFIX_HELP}
${BROKER_HELP}`;

run(() => {
  const own = { room: { type: 'string', default: 'salon' }, qos: { type: 'string', default: '0' } } as const;
  const { values: given } = parseArgs({ options: { ...BROKER_OPTIONS, ...PREFIX_OPTION, ...own } });
  if (given.help) return void process.stdout.write(HELP);
  refuse('room', given.room, roomProblem(given.room));
  const qos = qosOf(given.qos);
  const topic = `${prefixOf(given)}/${given.room}/temperature`;
  const client = connect(brokerOf(given, process.env), 'emitter');

  const timer = setInterval(() => {
    // MQTT.js would keep the message and send it later, when it is no longer true.
    if (!client.connected) return;
    const payload = randomTemperature().toFixed(1);
    const sentMs = performance.now();
    // With QoS 0 the callback means "written to the network", with 1 and 2 "acknowledged by the broker".
    client.publish(topic, payload, { qos }, (error) => {
      const waitedMs = (performance.now() - sentMs).toFixed(1);
      if (error) console.error(`${topic} ${payload} failed: ${error.message}`);
      else console.log(`${topic} ${payload}  ${qos === 0 ? 'sent' : `acknowledged after ${waitedMs} ms`} (QoS ${qos})`);
    });
  }, INTERVAL_MS);
  client.on('end', () => clearInterval(timer));
});

/** From 18 to 24 °C, each as likely as the other. */
function randomTemperature(): number {
  return 18 + 6 * Math.random();
}
