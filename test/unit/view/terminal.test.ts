// How the terminal view treats a terminal: what it writes and when, what keys do, and that it cleans up.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { HouseControls, Snapshot } from '../../../host-sim/view/snapshot.js';
import { TerminalView } from '../../../host-sim/view/terminal.js';
import { house, manyRooms, room, silentRoom } from './house.js';

class FakeOutput extends EventEmitter {
  columns = 80;
  rows = 24;
  writableNeedDrain = false;
  readonly writes: string[] = [];

  write(text: string): boolean {
    this.writes.push(text);
    return true;
  }
}

class FakeInput extends EventEmitter {
  isRaw = false;
  isPaused = true;

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  resume(): void {
    this.isPaused = false;
  }

  pause(): void {
    this.isPaused = true;
  }
}

function setUp(first: Snapshot, environment: NodeJS.ProcessEnv = {}, card: readonly string[] = []) {
  const output = new FakeOutput();
  const input = new FakeInput();
  const calls: string[] = [];
  const controls: HouseControls = {
    toggleWifi: (name) => calls.push(`Wi-Fi of ${name}`),
    toggleBroker: () => calls.push('broker'),
    end: () => calls.push('end'),
  };
  const state = { snapshot: first };
  const view = new TerminalView({ output, input, source: () => state.snapshot, controls, environment, card });
  return { output, input, calls, state, view, press: (keys: string) => input.emit('data', Buffer.from(keys)) };
}

const three = house([room('salon'), room('cuisine'), silentRoom('bureau')]);

describe('the terminal view with a card', () => {
  it('shows it until a key is pressed, which does nothing else, and again with a', () => {
    const { output, calls, view, press } = setUp(three, {}, ['Page   http://192.168.1.7:8080', '█▀▀▀█']);
    view.start();
    assert.match(output.writes.at(-1) as string, /http:\/\/192\.168\.1\.7:8080.*█▀▀▀█.*Press a key/s);
    press('b');
    assert.deepEqual(calls, []);
    assert.match(output.writes.at(-1) as string, /salon/);
    press('a');
    assert.match(output.writes.at(-1) as string, /█▀▀▀█/);
    press('\x03');
    assert.deepEqual(calls, ['end']);
    view.stop();
  });
});

describe('the terminal view', () => {
  let running: ReturnType<typeof setUp>;

  function start(snapshot = three, environment: NodeJS.ProcessEnv = {}): ReturnType<typeof setUp> {
    running = setUp(snapshot, environment);
    running.view.start();
    return running;
  }

  afterEach(() => running.view.stop());

  it('enters the alternate screen, hides the cursor, and draws a frame in one write', () => {
    const { output } = start();
    assert.deepEqual(output.writes[0], '\x1b[?1049h\x1b[?25l\x1b[?7l');
    assert.equal(output.writes.length, 2);
    const frame = output.writes[1] ?? '';
    assert.ok(frame.startsWith('\x1b[?2026h\x1b[H'));
    assert.ok(frame.endsWith('\x1b[K\x1b[J\x1b[?2026l'));
    assert.ok(!frame.includes('\x1b[2J'));
    assert.equal(frame.split('\x1b[K\r\n').length, 24);
  });

  it('writes nothing while nothing changes, and one frame when something has', () => {
    const { output, view, state } = start();
    view.draw();
    assert.equal(output.writes.length, 2);
    state.snapshot = { ...three, elapsedSeconds: three.elapsedSeconds + 1 };
    view.draw();
    view.draw();
    assert.equal(output.writes.length, 3);
  });

  it('skips frames while the terminal has not read the last one', () => {
    const { output, view, state } = start();
    state.snapshot = { ...three, elapsedSeconds: 0 };
    output.writableNeedDrain = true;
    view.draw();
    assert.equal(output.writes.length, 2);
    output.writableNeedDrain = false;
    view.draw();
    assert.match(output.writes[2] ?? '', /0:00:00/);
  });

  it('draws again when the size changes, although the house has not', () => {
    const { output } = start();
    output.emit('resize');
    assert.equal(output.writes[2], output.writes[1]);
    output.columns = 40;
    output.rows = 10;
    output.emit('resize');
    assert.equal(output.writes[3]?.split('\r\n').length, 10);
  });

  it('selects with arrows and letters, within the rooms, and cuts the Wi-Fi of the selected one', () => {
    const { calls, press } = start();
    for (const keys of ['w', '\x1b[Bw', '\x1bOBw', 'jw', '\x1b[Aw', 'kkkw', '\x1b[6~w', '\x1b[5~w']) press(keys);
    const names = ['salon', 'cuisine', 'bureau', 'bureau', 'cuisine', 'salon', 'bureau', 'salon'];
    assert.deepEqual(
      calls,
      names.map((name) => `Wi-Fi of ${name}`),
    );
  });

  it('shows a new selection at once', () => {
    const { output, press } = start();
    press('j');
    assert.match(output.writes[2] ?? '', /▸.*cuisine/);
  });

  it('keeps a selection that exists when rooms go', () => {
    const { calls, press, state, view } = start(house(manyRooms(50)));
    for (let page = 0; page < 9; page += 1) press('\x1b[6~');
    state.snapshot = three;
    view.draw();
    press('w');
    state.snapshot = house([]);
    press('jwk');
    assert.deepEqual(calls, ['Wi-Fi of bureau']);
  });

  it('cuts the embedded broker, and no other', () => {
    const { calls, press, state } = start();
    press('b');
    state.snapshot = { ...three, broker: { ...three.broker, isEmbedded: false } };
    press('b');
    assert.deepEqual(calls, ['broker']);
  });

  it('ends with q or Ctrl-C; once it ends, only Ctrl-C hurries', () => {
    const { calls, press, state } = start();
    press('q');
    press('\x03');
    assert.equal(calls.length, 2);
    state.snapshot = { ...three, isEnding: true };
    press('qqq');
    assert.equal(calls.length, 2);
    press('\x03');
    assert.equal(calls.length, 3);
  });

  it('ignores other keys', () => {
    const { calls, press, output } = start();
    press('xyz\x1b[1;5C\x1b[3~\r\n\x1a é室');
    assert.deepEqual(calls, []);
    assert.equal(output.writes.length, 2);
  });

  it('lets a key stop it', () => {
    const { calls, input, output, view } = start();
    input.on('data', () => view.stop());
    input.prependListener('data', () => view.stop());
    input.emit('data', 'q');
    assert.equal(calls.length, 1);
    assert.ok(output.writes.at(-1)?.includes('\x1b[?1049l'));
  });

  it('gives the terminal back, once', () => {
    const { output, input, view } = start();
    const exitListeners = process.listenerCount('exit');
    assert.ok(input.isRaw && !input.isPaused);
    view.stop();
    view.stop();
    assert.equal(output.writes.length, 3);
    assert.equal(output.writes[2], '\x1b[?7h\x1b[?25h\x1b[?1049l');
    assert.ok(!input.isRaw && input.isPaused);
    assert.equal(input.listenerCount('data') + output.listenerCount('resize'), 0);
    assert.equal(process.listenerCount('exit'), exitListeners - 1);
  });

  it('stopped before it starts, writes nothing; started twice, starts once', () => {
    running = setUp(three);
    running.view.stop();
    assert.equal(running.output.writes.length, 0);
    running.view.start();
    running.view.start();
    assert.equal(running.output.writes.length, 2);
  });

  const colorless: NodeJS.ProcessEnv[] = [{ NO_COLOR: '1' }, { TERM: 'dumb' }];
  for (const environment of colorless) {
    it(`has no colours with ${JSON.stringify(environment)}`, () => {
      assert.doesNotMatch(start(three, environment).output.writes.join(''), /\[[\d;]*m/);
    });
  }

  it('has colours otherwise: an empty NO_COLOR is none', () => {
    assert.match(start(three, { NO_COLOR: '', TERM: 'xterm' }).output.writes.join(''), /\[\d+m/);
  });

  it('speaks the language of the environment', () => {
    assert.match(start(three, { LC_ALL: 'fr_FR.UTF-8' }).output.writes.join(''), /Maison/);
  });
});
