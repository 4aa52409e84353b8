// `npm run flash -- BOARD --image FILE` against a model of the chip's boot loader, at the other end of a pseudo-terminal.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'mocha';
import { md5 } from '../../../host-sim/board/image.js';
import { describeWithPrograms } from '../../integration/support/program.js';
import { BootLoader, type BootLoaderFaults } from '../../model/boot-loader.js';
import { TestComputer } from './computer.js';
import { PtyPair } from './pty.js';

/** Two parts with a hole between them; no four bytes repeat, so that they do not deflate away. */
const PARTS = [
  { offset: 0x1000, bytes: noise(40_000, 1) },
  { offset: 0x3fc000, bytes: noise(128, 2) },
];

describeWithPrograms([['socat', 'socat']], 'flashing an image', () => {
  let computer: TestComputer;
  let pty: PtyPair;
  let chip: BootLoader;
  beforeEach(() => {
    computer = new TestComputer();
  });
  afterEach(async () => {
    await pty?.unplug();
    computer.remove();
  });

  async function plugIn(name: string, faults: BootLoaderFaults = {}): Promise<void> {
    pty = await PtyPair.open(computer.temporary(), (bytes) => chip.receive(bytes));
    chip = new BootLoader(
      name,
      faults,
      (bytes) => pty.send(bytes),
      () => void pty.unplug(),
    );
  }

  function writeImage(target: string, chipName: string): string {
    const parts = PARTS.map(({ offset, bytes }) => ({ offset, md5: md5(bytes), bytes: Buffer.from(bytes).toString('base64') }));
    const image = { format: 'station-meteo image 1', target, chip: chipName, version: '0.1.0', parts };
    return computer.write('class.json', JSON.stringify(image));
  }

  const flash = (target: string, file: string) => computer.run('flash', [target, '--image', file, '--port', pty.path]);

  const boards = [
    ['nodemcu', 'ESP8266'],
    ['esp32', 'ESP32'],
    ['esp32c3', 'ESP32-C3'],
  ] as const;
  for (const [target, name] of boards) {
    it(`writes all parts to an ${name}, leaves the rest of its flash, and says how far it is`, async () => {
      await plugIn(name);
      const { code, output, errors } = await flash(target, writeImage(target, name));
      assert.equal(errors, '');
      assert.equal(code, 0);
      for (const { offset, bytes } of PARTS) assert.deepEqual(chip.flash.slice(offset, offset + bytes.length), bytes);
      const written = chip.flash.reduce((sum, byte) => sum + (byte === 0xff ? 0 : 1), 0);
      assert.equal(written, PARTS.flatMap(({ bytes }) => [...bytes]).filter((byte) => byte !== 0xff).length);
      assert.match(output, /part 1 of 2 at 0x001000: 100 %\n +part 2 of 2 at 0x3fc000: 100 %\nWritten and verified\./);
    });
  }

  it('refuses a board with another chip, and writes nothing', async () => {
    await plugIn('ESP32');
    const { code, errors } = await flash('nodemcu', writeImage('nodemcu', 'ESP8266'));
    assert.match(errors, /has the chip ESP32, and the image is for ESP8266 \(nodemcu\)\. Nothing was written\./);
    assert.equal(code, 1);
    assert.ok(chip.flash.every((byte) => byte === 0xff));
  });

  it('refuses an image for another board, and a damaged one, before it looks for a board', async () => {
    await plugIn('ESP8266');
    const other = await flash('nodemcu', writeImage('esp32', 'ESP32'));
    assert.match(other.errors, /is for esp32 \(ESP32\), not for nodemcu \(ESP8266\)/);
    assert.equal(other.code, 2);
    const image = computer.read('class.json').replace('"offset":4096', '"offset":-1');
    const damaged = await flash('esp32', computer.write('damaged.json', image));
    assert.match(damaged.errors, /is damaged: get it again/);
    const bit = computer.read('class.json').replace(/"md5":"./, '"md5":"x');
    assert.match((await flash('esp32', computer.write('damaged.json', bit))).errors, /is damaged: get it again/);
    assert.match((await flash('esp32', computer.write('damaged.json', '{'))).errors, /is not one of this project, or is damaged/);
  });

  it('sends a block again that lost a byte on its way', async () => {
    await plugIn('ESP8266', { losesByteInBlocks: 2 });
    const { code, errors } = await flash('nodemcu', writeImage('nodemcu', 'ESP8266'));
    assert.equal(errors, '');
    assert.equal(code, 0);
    for (const { offset, bytes } of PARTS) assert.deepEqual(chip.flash.slice(offset, offset + bytes.length), bytes);
  });

  it('finds out that the flash does not hold what was written', async () => {
    await plugIn('ESP8266', { writesWrongBit: true });
    const { code, errors } = await flash('nodemcu', writeImage('nodemcu', 'ESP8266'));
    assert.match(errors, /Writing to the board at .* failed: MD5 of file does not match data in flash!.* It may not start now\./);
    assert.equal(code, 1);
  });

  it('says that the board was unplugged while it was written', async () => {
    await plugIn('ESP8266', { unplugsAfterBlocks: 1 });
    const { code, errors } = await flash('nodemcu', writeImage('nodemcu', 'ESP8266'));
    assert.match(errors, /Writing to the board at .* failed/);
    assert.equal(code, 1);
  });

  it('says that what answers is no boot loader', async () => {
    await plugIn('ESP8266', { answersNonsense: true });
    const { code, errors } = await flash('nodemcu', writeImage('nodemcu', 'ESP8266'));
    assert.match(errors, /No ESP board answers at .* hold it while you press RESET/);
    assert.equal(code, 1);
  });
});

function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
