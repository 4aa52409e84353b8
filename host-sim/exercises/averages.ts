// Averages: subscribes to the temperatures of all rooms, and shows the mean of each room and of the house, each second anew.
//
// The + in maison/+/temperature stands for any one level: a room that did not exist when we subscribed is heard as well.
// Some things to know of what comes in:
//   - A retained message is what the broker kept for newcomers. Nobody says how old it is, so it is not counted.
//   - A message is counted when it arrives. After an outage a station delivers what it has kept, and it all counts as of now;
//     maison/<room>/readings carries the time of each measurement, for those who want to do better.
//   - A payload is bytes. That they are a number is a promise of the sender, and not everybody keeps it.

import { parseArgs } from 'node:util';
import { BROKER_HELP, BROKER_OPTIONS, brokerOf, PREFIX_HELP, PREFIX_OPTION, prefixOf, refuse, run } from './command-line.js';
import { connect, subscribe } from './connection.js';
import { houseMean, Means, type RoomMean } from './means.js';
import { printable } from './printable.js';
import { roomProblem, topicProblem } from './topics.js';

const WINDOW_SECONDS = 60;
const SHOW_MS = 1_000;

const HELP = `Shows the mean temperature of each room over the last ${WINDOW_SECONDS} s, and of the house: the mean of the rooms' means.

  npm run averages
  npm run averages -- --map "/UPSSITECH/Weather_Station/{quantity}=station-upssitech"

  --publish             publish them too, on maison/<room>/mean and maison/mean, as {"temperature":21.4}
  --map TOPIC=ROOM      a station with topics of another shape is this room; can be given many times
${PREFIX_HELP}
${BROKER_HELP}`;

run(() => {
  const own = {
    publish: { type: 'boolean', default: false },
    map: { type: 'string', multiple: true, default: [] as string[] },
  } as const;
  const { values: given } = parseArgs({ options: { ...BROKER_OPTIONS, ...PREFIX_OPTION, ...own } });
  if (given.help) return void process.stdout.write(HELP);
  const prefix = prefixOf(given);
  const mapped = new Map(given.map.map(parseMapping));
  const client = connect(brokerOf(given, process.env), 'averages');
  subscribe(client, [`${prefix}/+/temperature`, ...mapped.keys()], 1);

  const means = new Means(WINDOW_SECONDS);
  client.on('message', (topic, payload, { retain }) => {
    if (retain) return;
    const room = mapped.get(topic) ?? (topic.slice(prefix.length + 1).split('/', 1)[0] as string);
    means.add(room, parseTemperature(payload.toString()), performance.now());
  });

  const timer = setInterval(() => {
    const rooms = means.ofRooms(performance.now());
    const house = houseMean(rooms);
    show(rooms, prefix, house, [
      ...(client.connected ? [] : ['Not connected.']),
      ...(means.ignored > 0 ? [`From rooms too many: ${means.ignored} messages.`] : []),
    ]);
    if (!given.publish || !client.connected) return;
    for (const { room, celsius } of rooms) publish(`${prefix}/${room}/mean`, celsius);
    publish(`${prefix}/mean`, house);
  }, SHOW_MS);
  client.on('end', () => clearInterval(timer));

  /** Not retained: a mean that nobody computes any more must not look like one of today. */
  function publish(topic: string, celsius: number | undefined): void {
    if (celsius === undefined) return;
    client.publish(topic, JSON.stringify({ temperature: Number(tenths(celsius)) }), { qos: 0, retain: false });
  }
});

/** `TOPIC=ROOM`, where `{quantity}` in TOPIC stands for what is measured: here, temperature. */
function parseMapping(text: string): [topic: string, room: string] {
  const [template = '', room = '', ...more] = text.split('=');
  const hasShape = more.length === 0 && template.split('{quantity}').length === 2;
  refuse('map', text, hasShape ? undefined : 'allowed: a topic with {quantity} in it, =, and a room');
  const topic = template.replace('{quantity}', 'temperature');
  refuse('map', text, topicProblem(topic) ?? roomProblem(room));
  return [topic, room];
}

/** What a payload says in plain decimals, such as `-0.2`; `undefined` for everything else, such as `21,4`, `nan` or nothing. */
function parseTemperature(payload: string): number | undefined {
  return /^-?\d{1,3}(?:\.\d{1,6})?$/.test(payload) ? Number(payload) : undefined;
}

function show(rooms: readonly RoomMean[], prefix: string, house: number | undefined, notes: readonly string[]): void {
  // Clears a terminal, and does nothing where the output goes to a file.
  console.clear();
  for (const { room, celsius, count, unreadable } of rooms) {
    const doubts = unreadable > 0 ? `, no temperature: ${unreadable}` : '';
    console.log(`${degrees(celsius)}  ${printable(room)} (readings: ${count}${doubts})`);
  }
  const heard = rooms.filter(({ celsius }) => celsius !== undefined).length;
  console.log(`${degrees(house)}  ${prefix} (rooms: ${heard})`);
  for (const note of notes) console.log(note);
  console.log();
}

const degrees = (celsius: number | undefined) => (celsius === undefined ? 'silent' : `${tenths(celsius)} °C`).padStart(8);

/** One decimal; what rounds to zero has no sign. */
function tenths(celsius: number): string {
  return celsius.toFixed(1).replace(/^-(0\.0)$/, '$1');
}
