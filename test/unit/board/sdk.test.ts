// What is said of an SDK that is absent, too old or not built, and of a toolchain that is missing.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { TestComputer } from './computer.js';

describe('findSdk', () => {
  let computer: TestComputer;
  beforeEach(() => {
    computer = new TestComputer();
  });
  afterEach(() => computer.remove());

  it('says that MODDABLE is not set', () => {
    computer.set('MODDABLE', '');
    assert.throws(() => computer.look(undefined), {
      name: 'UserError',
      message: /MODDABLE is not set.*guide: https:.*Type: npx xs-dev setup$/,
    });
  });

  it('says that nothing is where MODDABLE points', () => {
    assert.throws(() => computer.look(undefined), { message: new RegExp(`no Moddable SDK.*${computer.sdk}`) });
  });

  for (const version of ['8.1.9', '7.9.0', '4']) {
    it(`refuses version ${version}`, () => {
      computer.installSdk(version);
      assert.throws(() => computer.look(undefined), { message: new RegExp(`is version ${version}, .*needs 8\\.2 or later`) });
    });
  }

  for (const version of ['8.2.0', '8.2.3', '8.10.0', '9.0.0']) {
    it(`takes version ${version}`, () => {
      computer.installSdk(version);
      const { host, mcconfig, environment } = computer.look(undefined);
      assert.equal(host, 'lin');
      assert.ok(mcconfig.startsWith(computer.sdk));
      assert.ok(environment['PATH']?.startsWith(`${computer.sdk}/build/bin/lin/release`));
    });
  }

  it('says that the tools are not built', () => {
    computer.write('moddable/tools/VERSION', '8.2.3');
    assert.throws(() => computer.look(undefined), { message: /are not built: there is no .*mcconfig\./ });
  });

  it('names all that the ESP8266 lacks, and where it was looked for', () => {
    computer.installSdk('8.2.3');
    assert.throws(() => computer.look('nodemcu'), {
      message:
        /Arduino 2\.3\.0 \(.*esp8266-2\.3\.0\); the ESP8266_RTOS_SDK \(.*\); Espressif's compiler \(.*-gcc\).*esp8266\.md.*Type: npx xs-dev setup --device esp8266$/,
    });
    computer.installEsp8266();
    assert.equal(computer.look('nodemcu').host, 'lin');
  });

  it('looks for the ESP8266 in the home folder where ESP_BASE is not set', () => {
    computer.installSdk('8.2.3');
    computer.set('ESP_BASE', computer.path('elsewhere'));
    assert.throws(() => computer.look('nodemcu'), { message: /elsewhere/ });
  });

  it('asks for ESP-IDF for each of the ESP32 family', () => {
    computer.installSdk('8.2.3');
    for (const target of ['esp32', 'esp32c3', 'esp32s3'] as const) {
      assert.throws(() => computer.look(target), { message: /IDF_PATH is not set.*Type: npx xs-dev setup --device esp32$/ });
    }
    computer.set('IDF_PATH', computer.path('esp-idf'));
    assert.throws(() => computer.look('esp32'), { message: /ESP-IDF 6\.0 \(.*idf\.py\)/ });
    computer.write('esp-idf/tools/idf.py', '');
    assert.equal(computer.look('esp32').host, 'lin');
  });

  it('knows where macOS and Windows keep their tools', () => {
    computer.write('moddable/tools/VERSION', '8.2.3');
    computer.write('moddable/build/bin/win/release/mcconfig.bat', '');
    computer.write('moddable/build/bin/mac/release/mcconfig', '');
    assert.match(computer.look(undefined, 'win32').simulator, /mcsim\.exe$/);
    assert.match(computer.look(undefined, 'darwin').simulator, /mcsim\.app/);
    assert.throws(() => computer.look(undefined, 'freebsd'), { message: /does not run on freebsd/ });
  });
});
