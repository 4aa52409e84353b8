// The lab's programs as students run them, against the broker inside and against Mosquitto: what they publish, show and say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import { readCertificates } from '../../host-sim/certificates/directory.js';
import { BROKER_OPTIONS, PREFIX_OPTION } from '../../host-sim/exercises/command-line.js';
import type { BrokerUnderTest } from './support/broker-under-test.js';
import { TemporaryFolder, TestAuthority } from './support/certificates.js';
import { type Classroom, type Exercise, type ExerciseName, lesson } from './support/exercise.js';
import { inParallel, type Test } from './support/in-parallel.js';
import { Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { describeWithPaho } from './support/paho.js';
import { freePort } from './support/port.js';
import { Simulator, TemporaryHome } from './support/simulator.js';

/** From 18.0 to 24.0 °C, as the contract writes it. */
const RANDOM_TEMPERATURE = /^(?:1[89]|2[0-3])\.\d$|^24\.0$/;

/** What the old station of the class does. */
const OLD_TOPIC = '/UPSSITECH/Weather_Station/temperature';
const OLD_MAP = '/UPSSITECH/Weather_Station/{quantity}=station-upssitech';

const EXERCISES = ['emitter', 'averages', 'spy'] as const;

/** So many tests side by side: they wait more than they work. */
const AT_ONCE = 4;

/** Each test starts programs and waits more than once: on a busy computer that adds up. */
const TEST_LIMIT_MS = 60_000;

const SPEAK_EACH_MS = 100;

type StartEmitter = (classroom: Classroom, args: readonly string[]) => Exercise;
type Serve = () => Promise<BrokerUnderTest>;

/** The emitters, whatever they are written in, do the same. */
function emits(startEmitter: StartEmitter, serve: Serve): Test[] {
  return [0, 1, 2].map((qos) =>
    lesson(`publishes what it prints, each second, with QoS ${qos}; Ctrl-C ends it`, async (classroom) => {
      const { url } = await classroom.serve(serve());
      const listener = await classroom.connect(url);
      await listener.client.subscribeAsync('#', { qos: 2 });
      const args = ['--broker', url, '--room', 'été', '--prefix', 'école/b', '--qos', String(qos)];
      const emitter = startEmitter(classroom, args);
      await emitter.prints(/temperature(?:.|\n)*temperature/);
      await listener.until(() => listener.heard.length >= 2, 'two temperatures');
      for (const { payload, ...rest } of listener.heard.slice(0, 2)) {
        assert.match(payload, RANDOM_TEMPERATURE);
        assert.deepEqual(rest, { topic: 'école/b/été/temperature', qos, retain: false, dup: false });
        await emitter.prints(new RegExp(`^école/b/été/temperature ${payload} .*QoS ${qos}`, 'm'));
      }
      assert.equal(await emitter.interrupt(), 0);
    }),
  );
}

/** Averages and spy, on any broker. */
const listens = (serve: Serve): Test[] => [
  lesson('averages: mean of each room, and of the house the mean of these; republished', async (classroom) => {
    const { url } = await classroom.serve(serve());
    const others = await (await classroom.connect(url)).subscribe('maison/#');
    const say = (topic: string, payload: string, retain = false) => others.client.publishAsync(topic, payload, { qos: 1, retain });
    await say('maison/grenier/temperature', '99.0', true);
    const averages = classroom.start('averages', ['--broker', url, '--publish', '--map', OLD_MAP]);
    // What was said before it had subscribed, it cannot have heard.
    await untilHeard(averages, () => say('maison/salon/temperature', '20.0'));
    await say('maison/salon/temperature', 'nan');
    await say(OLD_TOPIC, '-0.04');
    await say('maison/cuisine/temperature', '10.0');
    await say('maison/cuisine/temperature', '11.0');
    await say('maison/cuisine/humidity', '50.0');
    await averages.prints(/^ +10\.5 °C {2}cuisine \(readings: 2\)$/m);
    await averages.prints(/^ +20\.0 °C {2}salon \(readings: \d+, no temperature: 1\)$/m);
    await averages.prints(/^ +0\.0 °C {2}station-upssitech \(readings: 1\)$/m);
    await averages.prints(/^ +10\.2 °C {2}maison \(rooms: 3\)$/m);
    assert.doesNotMatch(averages.output, /grenier/, 'a retained value has no known age');
    const isMean = (topic: string, payload: string) => others.payloads(topic).at(-1) === payload;
    await others.until(() => isMean('maison/cuisine/mean', '{"temperature":10.5}'), 'the mean of a room');
    await others.until(() => isMean('maison/mean', '{"temperature":10.2}'), 'the mean of the house');
    assert.equal(await averages.interrupt(), 0);
    assert.deepEqual(await retainedTopics(url), ['maison/grenier/temperature']);
  }),

  lesson('spy: topic, payload, QoS and retain of each message, and nothing that steers the terminal', async (classroom) => {
    const { url } = await classroom.serve(serve());
    const { client } = await classroom.connect(url);
    await client.publishAsync('maison/kept', 'old', { qos: 1, retain: true });
    const spy = classroom.start('spy', ['--broker', url, 'maison/#']);
    await spy.prints(/^\d\d:\d\d:\d\d {2}maison\/kept {2}old {2}\(QoS 1 retained\)$/m);
    await client.publishAsync('maison/a\u202eb', '\x1b[2J\r\nforged', { qos: 0 });
    await client.publishAsync('maison/bytes', Buffer.from([0xff, 0xfe]), { qos: 2 });
    await client.publishAsync('maison/none', '', { qos: 1 });
    await client.publishAsync('maison/long', 'x'.repeat(1_000_000), { qos: 1 });
    await client.publishAsync('elsewhere', 'unheard', { qos: 1 });
    await client.publishAsync('maison/last', '<b>', { qos: 1 });
    await spy.prints(/ {2}maison\/last {2}<b> {2}\(QoS 1\)$/m);
    assert.match(spy.output, / {2}maison\/a\ufffdb {2}\ufffd\[2J\ufffd\ufffdforged {2}\(QoS 0\)$/m);
    assert.match(spy.output, / {2}maison\/bytes {2}\(2 bytes that are no text\) {2}\(QoS 2\)$/m);
    assert.match(spy.output, / {2}maison\/none {2}\(empty\) {2}\(QoS 1\)$/m);
    assert.match(spy.output, / {2}maison\/long {2}x{200}… {2}\(QoS 1\)$/m);
    assert.doesNotMatch(spy.output, /elsewhere/);
    assert.equal(await spy.interrupt(), 0);
  }),
];

/** Speaks as the salon until that is shown: nobody tells when a subscription of somebody else is in force. */
async function untilHeard(averages: Exercise, speak: () => Promise<unknown>): Promise<void> {
  let isHeard = false;
  const heard = averages.prints(/°C {2}salon/).finally(() => {
    isHeard = true;
  });
  while (!isHeard) {
    await speak();
    await new Promise((resolve) => setTimeout(resolve, SPEAK_EACH_MS));
  }
  await heard;
}

async function retainedTopics(url: string): Promise<string[]> {
  const listener = await (await Listener.connect(url)).subscribe('#');
  // What is retained comes right after the SUBACK; our own message comes after that.
  await listener.client.publishAsync('end', 'x');
  await listener.until(() => listener.payloads('end').length > 0, 'its own message');
  await listener.leave();
  return listener.heard.filter(({ retain }) => retain).map(({ topic }) => topic);
}

const serveEmbedded = () => EmbeddedBroker.start({ mqttPort: 0, wsPort: 0 });
const serveMosquitto = () => Mosquitto.serve();

const onNode: StartEmitter = (classroom, args) => classroom.start('emitter', args);
const inPython: StartEmitter = (classroom, args) => classroom.startPython(args);

const MISTAKES: readonly (readonly [name: ExerciseName, args: readonly string[], sentence: RegExp])[] = [
  ['emitter', ['--room', 'a/b'], /--room "a\/b" is not allowed: \/ would make two levels/],
  ['emitter', ['--room', ''], /--room "" is not allowed: at least one character/],
  ['emitter', ['--room', '$SYS'], /--room "\$SYS" is not allowed/],
  ['emitter', ['--prefix', 'maison/+'], /--prefix "maison\/\+" is not allowed/],
  ['emitter', ['--qos', '3'], /--qos "3" is not allowed: allowed: 0, 1, 2/],
  ['emitter', ['--broker', 'http://host'], /--broker "http:\/\/host" is not allowed: allowed: mqtt:/],
  ['emitter', ['--broker', 'mqtt://u:secret@host'], /--broker: a login does not belong in the URL/],
  ['emitter', ['mqtt://u:secret@host'], /A login does not belong on the command line/],
  ['emitter', ['--romm', 'salon'], /Unknown option '--romm'\./],
  ['emitter', ['--password-file', 'no-such-file'], /--password-file "no-such-file" cannot be read \(ENOENT\)/],
  ['emitter', ['--ca', 'x'], /--ca goes with TLS/],
  ['emitter', ['--broker', 'mqtts://host', '--cert', 'x'], /--cert and --key go together/],
  ['averages', ['--map', 'a/b=salon'], /--map "a\/b=salon" is not allowed: allowed: a topic with \{quantity\}/],
  ['averages', ['--map', 'a/+/{quantity}=salon'], /--map .* is not allowed: \+ and # are for those who subscribe/],
  ['averages', ['--map', 'a/{quantity}=b/c'], /--map .* is not allowed: \/ would make two levels/],
  ['averages', ['salon'], /Unexpected argument 'salon'/],
  ['spy', [], /One filter, in quotes: npm run spy -- "maison\/#"\./],
  ['spy', ['maison/#/temperature'], /# stands last/],
  ['spy', ['maison/salon+'], /\+ stands alone in its level/],
  ['spy', ['a', 'b'], /One filter/],
];

const PYTHON_MISTAKES: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
  [['--room', 'a/b'], /argument --room: 'a\/b' is not allowed/],
  [['--qos', '3'], /argument --qos: /],
  [['--broker', 'mqtt://host:99999'], /argument --broker: 'mqtt:\/\/host:99999' is not allowed/],
  [['--broker', 'mqtt://u:secret@host'], /argument --broker: a login does not belong in the URL/],
  [['--password-file', 'no-such-file'], /argument --password-file: cannot read/],
  [['--ca', 'x'], /argument --ca: goes with TLS/],
  [['--romm', 'x'], /unrecognized arguments: --romm/],
];

describe('exercises', function () {
  this.timeout(TEST_LIMIT_MS);

  describe('on the broker inside', () => {
    inParallel(
      [
        ...emits(onNode, serveEmbedded),
        ...listens(serveEmbedded),

        lesson('say that the broker is away, and go on when it is back', async (classroom) => {
          const broker = await classroom.serve(serveEmbedded());
          await broker.cut();
          const programs = EXERCISES.map((name) => {
            return classroom.start(name, ['--broker', broker.url, ...(name === 'spy' ? ['#'] : [])]);
          });
          const allPrint = (pattern: RegExp) => Promise.all(programs.map((program) => program.prints(pattern)));
          await allPrint(/is away \(.*ECONNREFUSED.*\)\. Trying again every 2 s\./);
          await broker.restore();
          await allPrint(/Connected.*salon/s);
          await broker.cut();
          // A broker that goes while bytes are on their way to it resets the connection.
          await allPrint(/is away \((?:it closed the connection|.*ECONNRESET)\)/);
          await broker.restore();
          await allPrint(/Connected.*Connected.*salon/s);
          await broker.cut();
          for (const program of programs) assert.equal(await program.interrupt(), 0);
        }),

        lesson('a broker that was never reached does not keep them from ending', async (classroom) => {
          const emitter = classroom.start('emitter', ['--broker', `mqtt://127.0.0.1:${await freePort()}`]);
          await emitter.prints(/is away/);
          assert.equal(await emitter.interrupt(), 0);
        }),
      ],
      AT_ONCE,
    );
  });

  describeWithMosquitto('on Mosquitto', () => {
    inParallel([...emits(onNode, serveMosquitto), ...listens(serveMosquitto)], AT_ONCE);

    describeWithPaho('in Python', () => {
      inParallel(
        [
          ...emits(inPython, serveMosquitto),

          lesson('says who refuses it, and that a broker is away', async (classroom) => {
            const broker = await classroom.serve(Mosquitto.serve({ user: 'classe', password: 'secret' }));
            const refused = classroom.startPython(['--broker', broker.url]);
            assert.equal(await refused.ends(), 1);
            assert.match(refused.output, /refuses us: .*not authori[sz]ed/i);
            const login = { STATION_METEO_USER: 'classe', STATION_METEO_PASSWORD: 'secret' };
            const emitter = classroom.startPython(['--broker', broker.url], login);
            await emitter.prints(/^maison\/bureau\/temperature/m);
            await broker.kill();
            await emitter.prints(/is away\. Trying again every 2 s\./);
            assert.equal(await emitter.interrupt(), 0);
          }),

          lesson('meets our stations, MQTT.js and the old station in one house', async (classroom) => {
            const { url } = await classroom.serve(serveMosquitto());
            const old = await classroom.connect(url);
            const home = new TemporaryHome();
            classroom.atEnd(() => home.remove());
            const station = Simulator.start(home, ['--broker', url, '--rooms', 'chambre', '--interval', '2']);
            classroom.start('emitter', ['--broker', url, '--room', 'salon']);
            classroom.startPython(['--broker', url, '--room', 'bureau']);
            const averages = classroom.start('averages', ['--broker', url, '--map', OLD_MAP]);
            await averages.prints(/°C {2}salon/);
            await old.client.publishAsync(OLD_TOPIC, '19.5', { qos: 1 });
            await averages.prints(
              / bureau .*\n.* chambre .*\n.* salon .*\n +19\.5 °C {2}station-upssitech .*\n.* maison \(rooms: 4\)/,
            );
            assert.equal((await station.end()).code, 0);
          }),
        ],
        AT_ONCE,
      );
    });
  });

  describe('security', () => {
    const folder = new TemporaryFolder().fillWithCertificates();
    const { ca, client } = readCertificates(folder.path);
    const caFile = folder.write('our-ca.pem', ca);
    const own = ['--cert', folder.write('own.crt', client.certificate), '--key', folder.write('own.key', client.key)];
    const serveTls = (wantsClientCertificates: boolean) =>
      EmbeddedBroker.start({
        mqttPort: 0,
        wsPort: 0,
        tls: { directory: folder.path, port: 0, wsPort: 0, wantsClientCertificates },
      });
    after(() => folder.remove());

    inParallel([
      lesson('a login is from a file or the environment; a wrong one ends the program', async (classroom) => {
        const login = { user: 'classe', password: 'été' };
        const { url } = await classroom.serve(EmbeddedBroker.start({ mqttPort: 0, wsPort: 0, login }));
        const file = folder.write('password', 'été\nsecond line\n');
        const environment = { STATION_METEO_USER: 'classe', STATION_METEO_PASSWORD: 'été' };
        await Promise.all([
          classroom.start('emitter', ['--broker', url, '--user', 'classe', '--password-file', file]).prints(/temperature/),
          classroom.start('emitter', ['--broker', url], environment).prints(/temperature/),
        ]);
        for (const program of [classroom.start('emitter', ['--broker', url]), classroom.start('spy', ['--broker', url, '#'])]) {
          assert.equal(await program.ends(), 1);
          assert.match(program.output, /refuses us: Connection refused/);
        }
      }),

      lesson('TLS: trusts the authority that it is told, shows its certificate, says what it does not trust', async (classroom) => {
        const broker = await classroom.serve(serveTls(true));
        const strange = folder.write('strange.pem', new TestAuthority('another CA').certificate);
        const { mqttsPort, wssPort } = broker.ports;
        const urls = [`mqtts://localhost:${mqttsPort}`, `wss://localhost:${wssPort}`];
        const emitter = (url: string, ...args: string[]) => classroom.start('emitter', ['--broker', url, ...args]);
        await Promise.all(
          urls.flatMap((url) => [
            emitter(url, '--ca', caFile, ...own).prints(/temperature/),
            emitter(url, '--ca', strange, ...own).prints(/is away \(self-signed certificate in certificate chain\)/),
            emitter(url, '--ca', caFile).prints(/is away \(tlsv13 alert certificate required\)/),
          ]),
        );
      }),
    ]);

    describeWithPaho('in Python', () => {
      inParallel([
        lesson('TLS: trusts the authority that it is told', async (classroom) => {
          const broker = await classroom.serve(serveTls(false));
          const url = `mqtts://localhost:${broker.ports.mqttsPort}`;
          await Promise.all([
            classroom.startPython(['--broker', url, '--ca', caFile]).prints(/^maison\/bureau\/temperature/m),
            classroom.startPython(['--broker', url]).prints(/is away/),
          ]);
        }),
      ]);
    });
  });

  describe('command line', () => {
    inParallel(
      MISTAKES.map(([name, args, sentence]) =>
        lesson(`${name} ${args.join(' ')}: one sentence, exit code 2`, async (classroom) => {
          const program = classroom.start(name, args);
          assert.equal(await program.ends(), 2);
          assert.match(program.output, sentence);
          assert.doesNotMatch(program.output, /\n|secret/);
        }),
      ),
      AT_ONCE,
    );

    describeWithPaho('in Python', () => {
      inParallel(
        PYTHON_MISTAKES.map(([args, sentence]) =>
          lesson(`${args.join(' ')}: says what is wrong, exit code 2`, async (classroom) => {
            const program = classroom.startPython(args);
            assert.equal(await program.ends(), 2);
            assert.match(program.output, sentence);
            assert.doesNotMatch(program.output, /secret/);
          }),
        ),
        AT_ONCE,
      );
    });

    for (const name of EXERCISES) {
      const [title, run] = lesson(`${name} --help names every option that there is`, async (classroom) => {
        const source = readFileSync(`host-sim/exercises/${name}.ts`, 'utf8');
        const own = [...source.matchAll(/(\w+): \{ type: '/g)].map(([, option]) => option as string);
        assert.notEqual(own.length, 0);
        const ofTheHouse = source.includes('...PREFIX_OPTION') ? Object.keys(PREFIX_OPTION) : [];
        const program = classroom.start(name, ['--help']);
        assert.equal(await program.ends(), 0);
        const options = [...own, ...ofTheHouse, ...Object.keys(BROKER_OPTIONS)];
        for (const option of options) assert.match(program.output, new RegExp(`--${option}\\b`));
      });
      it(title, run);
    }
  });
});
