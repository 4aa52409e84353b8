// The commands as a person types them: what is wrong with a command line, what a dry run prints, and how a build is started.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { until } from '../../integration/support/until.js';
import { TestComputer } from './computer.js';

const SECRET = 'correct horse battery';

describe('the commands for a board', () => {
  let computer: TestComputer;
  beforeEach(() => {
    computer = new TestComputer();
  });
  afterEach(() => computer.remove());

  const mistakes: readonly (readonly [command: string, args: readonly string[], says: RegExp])[] = [
    ['build', [], /Say for which board; there are nodemcu, esp32, esp32c3, esp32s3\. Type: npm run build -- nodemcu/],
    ['build', ['arduino'], /no board "arduino"/],
    ['build', ['nodemcu', 'esp32'], /One board at a time, not "esp32" too/],
    ['build', ['nodemcu', '--wifi', 'x'], /Unknown option '--wifi'\. Type: npm run build -- --help/],
    ['build', ['nodemcu', '--out'], /Option '--out <value>' argument missing/],
    ['flash', [], /Say for which board/],
    ['flash', ['constructor'], /no board "constructor"/],
    ['flash', ['nodemcu', '--image', 'no.json'], /image "no.json" cannot be read \(ENOENT\)/],
    ['flash', ['nodemcu', '--image', 'a', '--settings', 'b'], /Option --settings goes with a build/],
    ['flash', ['nodemcu', '--settings', 'no.json'], /Option --settings: "no.json" cannot be read: there is no such file/],
    ['sim:moddable', ['salon'], /nothing to name here/],
    ['sim:moddable', ['--interval', '1'], /setting interval: "1" is not allowed; allowed: a whole number of seconds from 2/],
  ];
  for (const [command, args, says] of mistakes) {
    it(`${command} ${args.join(' ')}: says what is wrong`, async () => {
      const { code, output, errors } = await computer.run(command, args);
      assert.match(errors, says);
      assert.notEqual(code, 0);
      assert.equal(output, '');
    });
  }

  for (const command of ['build', 'flash', 'sim:moddable']) {
    it(`${command} explains itself with --help`, async () => {
      const { code, output } = await computer.run(command, ['--help']);
      assert.equal(code, 0);
      assert.match(output, /--dry-run/);
    });
  }

  it('prints what it would run, without the SDK', async () => {
    const { code, output } = await computer.run('build', ['esp32c3', '--dry-run']);
    assert.equal(code, 0);
    assert.equal(output, 'mcconfig -m -t build -p esp32/esp32c3 -o build/firmware manifests/esp32/manifest.json\n');
  });

  it('ends with what is missing and a code that is not 0 where there is no SDK', async () => {
    for (const command of ['build', 'flash']) {
      const { code, errors } = await computer.run(command, ['nodemcu']);
      assert.match(errors, /There is no Moddable SDK.*Type: npx xs-dev setup/s);
      assert.equal(code, 1);
    }
    assert.equal((await computer.run('sim:moddable', [])).code, 1);
  });

  describe('with an SDK', function () {
    // Its mcconfig is a shell script, with GNU's stat, where the SDK has it on Linux.
    if (process.platform !== 'linux') this.pending = true;

    const made =
      'mkdir -p "$output/bin/esp/nodemcu/release/$application"; echo application > "$output/bin/esp/nodemcu/release/$application/main.bin"';
    const build = `application=$(basename "$(dirname "$manifest")"); ${made}`;

    beforeEach(() => computer.installEsp8266());

    it('builds, and never with the default target of mcconfig', async () => {
      computer.installSdk('8.2.3', build);
      const { code, output, errors } = await computer.run('build', ['nodemcu', '--out', computer.path('class.json')]);
      assert.equal(errors, '');
      assert.equal(code, 0);
      assert.match(output, /class\.json: 0 KB for ESP8266\. Write it with: npm run flash -- nodemcu --image/);
      assert.match(
        computer.read('arguments'),
        /^-m -t build -p esp\/nodemcu -o \S+\/build\/firmware manifests\/esp8266\/manifest\.json\n$/,
      );
      const image = JSON.parse(computer.read('class.json'));
      const parts = image.parts.map(({ offset, bytes }: { offset: number; bytes: string }) => [offset, atob(bytes)]);
      assert.deepEqual(parts, [
        [0, 'boot'],
        [0x1000, 'application\n'],
        [0x3fc000, 'radio'],
      ]);
    });

    it('says that the build failed', async () => {
      computer.installSdk('8.2.3', 'echo "### error" >&2; exit 3');
      const { code, errors } = await computer.run('build', ['nodemcu']);
      assert.match(errors, /### error\nmcconfig failed with exit code 3/);
      assert.equal(code, 1);
    });

    it('takes along what the build had started, where Ctrl-C ends it', async () => {
      const pid = computer.path('pid');
      computer.installSdk('8.2.3', `sleep 60 & echo $! > '${pid}.new'; mv '${pid}.new' '${pid}'; wait`);
      const { code } = await computer.run('build', ['nodemcu'], { interruptWhen: () => computer.has('pid') });
      assert.equal(code, 130);
      const isGone = () => !isRunning(Number(computer.read('pid')));
      await until(isGone, 'what the build had started is gone', 5_000);
    });

    describe('settings that are built in', () => {
      const settings = { broker: 'mqtt://192.0.2.10', room: 'bureau', user: 'station', password: SECRET };
      const noteManifest = (file: string) =>
        `stat -c %a "$manifest" "$(dirname "$(dirname "$manifest")")" > '${file}.modes'; cp "$manifest" '${file}'`;
      let file: string;
      beforeEach(() => {
        file = computer.write('settings.json', JSON.stringify(settings));
      });

      it('are in a manifest for these eyes only, outside the repository, which is gone afterwards', async () => {
        computer.installSdk('8.2.3', `${noteManifest(computer.path('manifest'))}; ${build}`);
        const { code, errors, output } = await computer.run('build', [
          'nodemcu',
          '--settings',
          file,
          '--out',
          computer.path('mine.json'),
        ]);
        assert.equal(errors, '');
        assert.equal(code, 0);
        assert.deepEqual(JSON.parse(computer.read('manifest')).config, settings);
        assert.equal(computer.read('manifest.modes'), '600\n700\n');
        const called = computer.read('arguments');
        assert.ok(!called.includes(SECRET) && !output.includes(SECRET));
        assert.ok(called.includes(computer.temporary()) && !called.includes('build/firmware'));
        assert.deepEqual(readdirSync(computer.temporary()), []);
        assert.equal(statSync(computer.path('mine.json')).mode & 0o777, 0o600);
      });

      it('are gone where the build fails', async () => {
        computer.installSdk('8.2.3', 'exit 1');
        const { code } = await computer.run('build', ['nodemcu', '--settings', file]);
        assert.equal(code, 1);
        assert.deepEqual(readdirSync(computer.temporary()), []);
      });

      it('are gone where Ctrl-C ends the build', async () => {
        computer.installSdk('8.2.3', `touch '${computer.path('started')}'; exec sleep 20`);
        const outcome = await computer.run('build', ['nodemcu', '--settings', file], {
          interruptWhen: () => computer.has('started'),
        });
        assert.equal(outcome.code, 130);
        assert.deepEqual(readdirSync(computer.temporary()), []);
      });

      it('are not written again by what the build had started', async () => {
        const late = `(trap '' INT TERM; echo started > '${computer.path('started')}'; while :; do mkdir -p "$output"; echo x > "$output/late"; done) & wait`;
        computer.installSdk('8.2.3', late);
        const outcome = await computer.run('build', ['nodemcu', '--settings', file], {
          interruptWhen: () => computer.has('started'),
        });
        assert.equal(outcome.code, 130);
        assert.deepEqual(readdirSync(computer.temporary()), []);
      });

      it('are refused where one is wrong, and no secret is repeated', async () => {
        const wrong: readonly (readonly [content: string, says: RegExp])[] = [
          [`{"pasword": "${SECRET}"}`, /setting pasword: the given value is not allowed; allowed: one of/],
          [`{"password": "${SECRET}"`, /"[^"]*wrong.json" is not JSON/],
          [`["${SECRET}"]`, /is not one JSON object/],
          [`{"room": "a/b", "password": "${SECRET}"}`, /setting room: "a\/b" is not allowed/],
        ];
        computer.installSdk('8.2.3', build);
        for (const [content, says] of wrong) {
          const { code, errors } = await computer.run('build', ['nodemcu', '--settings', computer.write('wrong.json', content)]);
          assert.match(errors, says);
          assert.ok(!errors.includes(SECRET));
          assert.equal(code, 2);
        }
        assert.deepEqual(readdirSync(computer.temporary()), []);
        assert.ok(!computer.has('arguments'));
      });
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that nobody has asked after yet is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
