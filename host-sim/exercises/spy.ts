// Spy: shows every message on the topics that a filter names, with all that MQTT tells of it.
//
//   time      when it arrived here; MQTT itself does not say when it was sent
//   QoS       of the delivery: the lower one of the publisher's and of our subscription's
//   retained  the broker had kept it for newcomers such as us. What comes while we listen is not marked, though the broker may keep it.
//   DUP       the broker sends it again, because it has not seen our acknowledgement; we may have had it before
//
// A broker shows everything to everybody, unless it is told not to: hence logins, access lists and TLS.

import { parseArgs } from 'node:util';
import { BROKER_HELP, BROKER_OPTIONS, brokerOf, qosOf, run, UsageError } from './command-line.js';
import { connect, subscribe } from './connection.js';
import { printable } from './printable.js';
import { filterProblem } from './topics.js';

const HELP = `Shows the messages on the topics that FILTER names: time, topic, payload, QoS, retained, DUP.

  npm run spy -- "maison/+/temperature"     + is any one level
  npm run spy -- "maison/salon/#"           # is any number of levels, and stands last

Quote the filter: a shell takes # for a comment.

  --qos 0|1|2           the QoS to ask for (default: 2, so that each message comes with its own)

${BROKER_HELP}`;

run(() => {
  const options = { ...BROKER_OPTIONS, qos: { type: 'string', default: '2' } } as const;
  const { values: given, positionals } = parseArgs({ options, allowPositionals: true });
  if (given.help) return void process.stdout.write(HELP);
  const filter = filterOf(positionals);
  const client = connect(brokerOf(given, process.env), 'spy');
  subscribe(client, [filter], qosOf(given.qos));

  client.on('message', (topic, payload, { qos, retain, dup }) => {
    const time = new Date().toLocaleTimeString('fr-FR');
    const marks = `QoS ${qos}${retain ? ' retained' : ''}${dup ? ' DUP' : ''}`;
    console.log(`${time}  ${printable(topic)}  ${describe(payload)}  (${marks})`);
  });
});

function filterOf(positionals: readonly string[]): string {
  const [filter, ...more] = positionals;
  if (filter === undefined || more.length > 0) throw new UsageError('One filter, in quotes: npm run spy -- "maison/#".');
  const problem = filterProblem(filter);
  if (problem !== undefined) throw new UsageError(`The filter ${JSON.stringify(filter)} is not allowed: ${problem}.`);
  return filter;
}

/** A payload is bytes: text where they are UTF-8, else their number. */
function describe(payload: Uint8Array): string {
  if (payload.length === 0) return '(empty)';
  try {
    return printable(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return `(${payload.length} bytes that are no text)`;
  }
}
