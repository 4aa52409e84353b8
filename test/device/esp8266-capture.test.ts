// The native edge capture of the ESP8266: on the computer with sanitizers, and compiled for the chip's own core and run in QEMU.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, type Context, describe, it } from 'mocha';
import { missingPackages, type Need } from '../integration/support/program.js';
import { GCC } from './gcc.js';

const run = promisify(execFile);

const CAPTURE = 'firmware/platform/device/capture/esp8266';
const BENCH = 'test/device/esp8266';

const WARNINGS = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];

/** As `make.esp.mk` of the Moddable SDK compiles C for the chip; freestanding, because Debian's compiler has no C library. */
const CHIP_FLAGS = [
  ...WARNINGS,
  '-Os',
  '-ffreestanding',
  '-fno-inline-functions',
  '-nostdlib',
  '-mlongcalls',
  '-mtext-section-literals',
  '-falign-functions=4',
  '-fdata-sections',
  '-ffunction-sections',
  '-fno-jump-tables',
];

const QEMU_FLAGS = '-M sim -cpu lx106 -nographic -semihosting -monitor none -serial none -icount shift=5,sleep=off -kernel'.split(
  ' ',
);

const UNIT_CASES = {
  'gives the start pulse and lets the line go': 'start-pulse',
  'stores nothing where no sensor answers': 'no-answer',
  'stores when edges came, across a wrap of the clock': 'answer',
  'rounds to the nearest microsecond': 'rounding',
  'leaves out both edges of a pulse that began and ended while interrupts were masked': 'merged-pair',
  'stores a late edge when it was served': 'late-edge',
  'stores one of three merged edges': 'three-merged',
  'begins with the falling edge where the release is served after it': 'release-served-late',
  'ends by itself when it is full': 'full',
  'ends by itself at the deadline': 'deadline',
  'leaves an input as found': 'found-input',
  'leaves an output with an interrupt and a handler as found': 'found-output',
  'leaves no edge behind for whoever has the line next': 'found-quiet',
  'finishes once': 'finish-twice',
  'hands interrupts of other lines to the handler before': 'other-line',
  'ends interrupts of other lines that nobody handles': 'other-line-of-nobody',
  'knows which lines can have a sensor': 'pins',
  'works on each of them': 'every-pin',
};

const CHIP_COMPILER: Need = ['xtensa-lx106-elf-gcc', 'gcc-xtensa-lx106'];
const QEMU: Need = ['qemu-system-xtensa', 'qemu-system-misc'];

/** `title`, with what must be installed first. */
function titleWith(title: string, needs: readonly Need[]): string {
  const missing = missingPackages(needs);
  return missing.length === 0 ? title : `${title} (pending: install ${missing.join(', ')})`;
}

/** Makes the tests of the suite pending where a program is absent. */
function skipWithout(needs: readonly Need[], context: Context): void {
  if (missingPackages(needs).length > 0) context.skip();
}

describe('edge capture of the ESP8266', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'station-meteo-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  describe(titleWith('on the computer, with sanitizers', [GCC]), () => {
    before(async function () {
      skipWithout([GCC], this);
      const sources = [`${BENCH}/unit.c`, `${BENCH}/gpio_model.c`, `${CAPTURE}/edge_capture.c`];
      const sanitizers = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
      await run('gcc', [...WARNINGS, ...sanitizers, `-I${BENCH}`, `-I${CAPTURE}`, ...sources, '-o', join(folder, 'unit')]);
    });

    for (const [title, name] of Object.entries(UNIT_CASES)) {
      it(title, async () => {
        await run(join(folder, 'unit'), [name]).catch(({ stdout, stderr }) => assert.fail(`${stdout}${stderr}`));
      });
    }

    it('has no case that is not run', () => {
      const written = [...readFileSync(`${BENCH}/unit.c`, 'utf8').matchAll(/^ {4}\{"([\w-]+)", test_/gm)].map(([, name]) => name);
      assert.deepEqual(written, Object.values(UNIT_CASES));
    });
  });

  describe(titleWith('compiled for the chip', [CHIP_COMPILER]), () => {
    before(async function () {
      skipWithout([CHIP_COMPILER], this);
      const object = ['-c', `${CAPTURE}/edge_capture.c`, '-o', join(folder, 'edge_capture.o')];
      await run('xtensa-lx106-elf-gcc', [...CHIP_FLAGS, `-I${CAPTURE}`, ...object]);
    });

    const inspect = async (...flags: string[]) => {
      const { stdout } = await run('xtensa-lx106-elf-objdump', [...flags, join(folder, 'edge_capture.o')]);
      return stdout;
    };

    it('takes at most 512 bytes of instruction RAM', async () => {
      const sections = [...(await inspect('-h')).matchAll(/^ +\d+ \.iram\.(?:text|literal) +([\da-f]{8})/gm)];
      const bytes = sections.reduce((sum, [, size]) => sum + Number.parseInt(size as string, 16), 0);
      assert.ok(bytes > 0 && bytes <= 512, `${bytes} bytes`);
    });

    it('reaches from its interrupt nothing outside instruction RAM', async () => {
      // What a relocation of this section names is what its code calls or loads.
      const relocations = [...(await inspect('-r', '-j', '.iram.text')).matchAll(/ R_XTENSA_\w+ +(\S+)/g)];
      assert.ok(relocations.length > 0);
      for (const [, target] of relocations) assert.match(target as string, /^\.iram\.text/);
    });

    it('keeps no data of its own in RAM', async () => {
      for (const [, size] of (await inspect('-h')).matchAll(/^ +\d+ \.(?:data|bss)\S* +([\da-f]{8})/gm)) {
        assert.equal(size, '00000000');
      }
    });
  });

  describe(titleWith("on the chip's own core in QEMU", [CHIP_COMPILER, QEMU]), () => {
    const figures = new Map<string, number>();

    before(async function () {
      skipWithout([CHIP_COMPILER, QEMU], this);
      this.timeout(180_000);
      const sources = ['qemu_start.S', 'qemu.c', 'gpio_model.c'].map((file) => `${BENCH}/${file}`);
      const image = join(folder, 'capture.elf');
      const link = [`-I${BENCH}`, `-I${CAPTURE}`, '-T', `${BENCH}/qemu.ld`, '-o', image];
      await run('xtensa-lx106-elf-gcc', [...CHIP_FLAGS, ...sources, `${CAPTURE}/edge_capture.c`, ...link]);
      const { stdout } = await run('qemu-system-xtensa', [...QEMU_FLAGS, image], { timeout: 170_000 });
      for (const [, name, value] of stdout.matchAll(/^(\w+)=(\d+)$/gm)) figures.set(name as string, Number(value));
    });

    it('stores 10,000 frames as their schedules say, to 2 µs', () => {
      assert.equal(figures.get('frames'), 10_000);
      assert.equal(figures.get('wrongFrames'), 0);
      assert.ok((figures.get('worstErrorUs') as number) <= 2);
    });

    it('had edges served late and edges merged among them', () => {
      assert.ok((figures.get('lateEdges') as number) > 1_000);
      assert.ok((figures.get('lostEdges') as number) > 1_000);
    });
  });

  it('runs in a firmware that touches its flash in one place', () => {
    // Such an operation masks interrupts for milliseconds. The board interrupts its sensor before each that these two files start.
    const FLASH = /from '(?:flash|preference|resource|embedded:storage\/.*|embedded:io\/flash)'|xs_settings_flash/;
    const sources = readdirSync('firmware', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    assert.ok(sources.length > 20);
    assert.deepEqual(
      sources
        .filter((file) => FLASH.test(readFileSync(join('firmware', file), 'utf8')))
        .map((file) => file.replaceAll('\\', '/'))
        .sort(),
      ['platform/device/chip/esp32/flash.ts', 'platform/device/chip/esp8266/flash.ts'],
    );
  });
});
