// The ESP32's pin and receiver in every order of events: the firmware's own C, in a world of stand-ins that tell each call.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, it } from 'mocha';
import { compile, describeWithGcc } from './gcc.js';

const SOURCES = 'firmware/platform/device/capture/esp32';
const FILES = ['test/device/esp32-line.c', `${SOURCES}/rmt-line.c`, `${SOURCES}/rmt-symbols.c`];

/** What rmt-line.c includes of the SDK and of ESP-IDF. Here they are empty: esp32-line-world.h has it all. */
const HEADERS = [
  ...['xsmc.h', 'xsHost.h', 'mc.xs.h', 'builtinCommon.h', 'esp_rom_sys.h'],
  ...['driver/gpio.h', 'driver/rmt_rx.h', 'soc/soc_caps.h'],
];

/** A command of esp32-line.c, and what it must do to the world. */
type Step = readonly [command: string, told: string];

const NEW: Step = ['new 4', 'use 4; channel 1000000 Hz 48; high; open drain 1; '];
// The receiver is on before the line is released, and the line is released whatever happens.
const START: Step = ['start 1100', 'enable; remember; low; 1100 us; receive; high; '];
const DESTROY: Step = ['destroy', 'delete; reset 4; free 4; '];

describeWithGcc('ESP32: the line of the sensor', () => {
  let folder = '';
  let program = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rmt-line-'));
    program = join(folder, 'rmt-line');
    for (const header of HEADERS) {
      mkdirSync(join(folder, dirname(header)), { recursive: true });
      writeFileSync(join(folder, header), '');
    }
    compile(program, ['-include', 'test/device/esp32-line-world.h', `-I${SOURCES}`, `-I${folder}`, ...FILES]);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const stories: readonly (readonly [title: string, steps: readonly Step[]])[] = [
    [
      'captures, and again',
      [
        NEW,
        START,
        ['record', 'post; '],
        ['turn', 'onReadable; '],
        ['stop', 'disable; forget; '],
        ['read 88', '0; 80; '],
        ['start 450', 'enable; remember; low; 450 us; receive; high; '],
        ['stop', 'disable; forget; '],
        ['read 88', ''],
        DESTROY,
      ],
    ],
    ['lets the callback stop it', [NEW, ['stopping', ''], START, ['record', 'post; '], ['turn', 'onReadable; disable; forget; ']]],
    ['writes no more edges than there is room for', [NEW, START, ['record', 'post; '], ['stop', 'disable; '], ['read 1', '0; ']]],
    ['has no edges at the deadline where none came', [NEW, START, ['stop', 'disable; forget; '], ['read 88', '']]],
    [
      'has edges at the deadline where the message queue was full',
      [NEW, START, ['full', ''], ['record', ''], ['stop', 'disable; forget; '], ['read 88', '0; 80; ']],
    ],
    [
      'does not call back when it was stopped with the message on its way, and lives until that has come',
      [NEW, START, ['record', 'post; '], ['stop', 'disable; '], ['turn', 'forget; '], DESTROY],
    ],
    [
      'takes the message of the recording before for no end of this one',
      [
        NEW,
        START,
        ['record', 'post; '],
        ['stop', 'disable; '],
        ['start 450', 'enable; low; 450 us; receive; high; '],
        ['turn', ''],
      ],
    ],
    [
      'lets a message on its way serve the next recording',
      [
        NEW,
        START,
        ['record', 'post; '],
        ['stop', 'disable; '],
        ['start 450', 'enable; low; 450 us; receive; high; '],
        ['record', ''],
        ['turn', 'onReadable; '],
      ],
    ],
    ['does not hear an interrupt that comes after the stop', [NEW, START, ['stop', 'disable; forget; '], ['record', ''], DESTROY]],
    ['does nothing when it is stopped at rest', [NEW, ['stop', ''], DESTROY]],
    ['gives everything back when it goes while recording', [NEW, START, ['destroy', 'disable; delete; reset 4; free 4; ']]],
    ['refuses to start twice, and goes on', [NEW, START, ['start 450', 'throws RMT not enabled; '], ['record', 'post; ']]],
    [
      'refuses a start pulse that is none or blocks for too long',
      [NEW, ['start 0', 'throws invalid start pulse; '], ['start 30001', 'throws invalid start pulse; ']],
    ],
    [
      'takes no pin that is in use',
      [
        ['busy 4', ''],
        ['new 4', 'throws no such pin, or in use; '],
      ],
    ],
    ['takes no pin that cannot be pulled low', [['new 34', 'throws pin is input only; ']]],
    [
      'gives the pin back where there is no channel',
      [
        ['deny', ''],
        ['new 4', 'use 4; throws no RMT channel; '],
        ['destroy', 'reset 4; free 4; '],
      ],
    ],
  ];
  for (const [title, steps] of stories) {
    it(title, () => {
      const input = steps.map(([command]) => `${command}\n`).join('');
      // What the stories leave behind is not theirs to free: the machine that would is not there.
      const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
      const output = execFileSync(program, { input, encoding: 'utf8', env });
      assert.deepEqual(
        output.split('\n').slice(0, -1),
        steps.map(([, told]) => told),
      );
    });
  }
});
