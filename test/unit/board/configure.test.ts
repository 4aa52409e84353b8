// `npm run configure` and `npm run monitor` against a board at the other end of a pseudo-terminal: the firmware's own serial line.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'mocha';
import type { Serial, SerialConstructor, SerialOptions } from '../../../firmware/ports.js';
import type { JsonObject } from '../../../firmware/station/json.js';
import { SerialLine } from '../../../firmware/station/serial-line.js';
import { SettingError } from '../../../firmware/station/settings.js';
import { describeWithPrograms } from '../../integration/support/program.js';
import { TestComputer } from './computer.js';
import { PtyPair } from './pty.js';

const SECRET = 'correct horse battery';

/** What a board's flash holds, behind the firmware's own serial line. */
class FakeBoard {
  readonly stored: JsonObject[] = [];
  restarts = 0;
  /** As if nothing ran on the board. */
  isSilent = false;
  isPulledAtSet = false;
  #pty: PtyPair | undefined;
  #line: SerialLine | undefined;
  #options: SerialOptions | undefined;
  #received: Uint8Array = new Uint8Array(0);

  async plugIn(folder: string): Promise<string> {
    this.#pty = await PtyPair.open(folder, (bytes) => this.#receive(bytes));
    this.#boot();
    return this.#pty.path;
  }

  async unplug(): Promise<void> {
    await this.#pty?.unplug();
  }

  #boot(): void {
    const board = this;
    const io: SerialConstructor = class implements Serial {
      constructor(options: SerialOptions) {
        board.#options = options;
        queueMicrotask(() => options.onWritable(128));
      }
      read(buffer: Uint8Array): void {
        buffer.set(board.#received);
      }
      write(bytes: Uint8Array): void {
        board.#pty?.send(bytes.slice());
        board.#options?.onWritable(128);
      }
    };
    // What a chip's ROM says is no line of the protocol, and may not end in one.
    this.#pty?.send('\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n');
    this.#line = new SerialLine(io, {
      describeSettings: () => ({ room: 'bureau', interval: 10, wifiPassword: true, stationKey: false }),
      describeStation: () => ({
        station: 'a4cf12f0a1b2',
        board: 'nodemcu',
        firmware: '0.1.0',
        room: 'bureau',
        network: 'up',
        broker: 'online',
      }),
      store: (changes) => this.#store(changes),
      onActivity: () => {},
      restart: () => {
        this.restarts++;
        setImmediate(() => this.#boot());
      },
    });
    this.#line.announce();
  }

  #receive(bytes: Buffer): void {
    if (this.isSilent) return;
    this.#received = bytes;
    this.#options?.onReadable(bytes.length);
  }

  #store(changes: JsonObject): void {
    if (this.isPulledAtSet) void this.unplug();
    if (changes['room'] === 'a/b') throw new SettingError('room', 'a/b', 'one topic level');
    this.stored.push(changes);
  }
}

describeWithPrograms([['socat', 'socat']], 'a board on its serial line', () => {
  let computer: TestComputer;
  let board: FakeBoard;
  let port: string;
  beforeEach(async () => {
    computer = new TestComputer();
    board = new FakeBoard();
    port = await board.plugIn(computer.temporary());
  });
  afterEach(async () => {
    await board.unplug();
    computer.remove();
  });

  it('gets the settings of a file and of the options, and restarts', async () => {
    const file = computer.write(
      'my-room.json',
      JSON.stringify({ wifi: 'Classroom', wifiPassword: SECRET, template: 'x'.repeat(300) }),
    );
    const { code, output, errors } = await computer.run('configure', [
      '--port',
      port,
      '--settings',
      file,
      '--room',
      'salle é',
      '--interval',
      '5',
    ]);
    assert.equal(errors, '');
    assert.equal(code, 0);
    // All of it in one request, which the board judges as a whole.
    assert.deepEqual(board.stored, [
      { wifi: 'Classroom', wifiPassword: SECRET, template: 'x'.repeat(300), room: 'salle é', interval: '5' },
    ]);
    assert.equal(board.restarts, 1);
    assert.match(output, /Station a4cf12f0a1b2 \(nodemcu, firmware 0\.1\.0\), room bureau: network up, broker online\./);
    assert.match(output, /Stored: wifi, wifiPassword, template, room, interval\. The board restarts\./);
    assert.ok(!output.includes(SECRET));
  });

  it('shows the settings where there is nothing to set, and of a secret whether it is set', async () => {
    const { code, output } = await computer.run('configure', ['--port', port]);
    assert.equal(code, 0);
    assert.match(output, /room +"bureau"\n +interval +10\n +wifiPassword +\(set\)\n +stationKey +\(not set\)\n/);
    assert.equal(board.restarts, 0);
  });

  it('says what the station refuses', async () => {
    const { code, errors } = await computer.run('configure', ['--port', port, '--room', 'a/b']);
    assert.match(
      errors,
      /The station refuses: setting room: "a\/b" is not allowed; allowed: one topic level\. Nothing was changed\./,
    );
    assert.equal(code, 1);
    assert.equal(board.restarts, 0);
  });

  it('says that no station answers', async () => {
    board.isSilent = true;
    const { code, errors } = await computer.run('configure', ['--port', port, '--room', 'bureau']);
    assert.match(errors, /No station answers at .*Type: npm run flash -- BOARD --port/);
    assert.equal(code, 1);
  });

  it('says that the board was unplugged', async () => {
    board.isPulledAtSet = true;
    const { code, errors } = await computer.run('configure', ['--port', port, '--room', 'bureau']);
    assert.match(errors, /The board at .* was unplugged/);
    assert.equal(code, 1);
  });

  it('takes no password from the command line', async () => {
    const { code, errors } = await computer.run('configure', ['--port', port, '--wifiPassword', SECRET]);
    assert.match(errors, /Option --wifiPassword: a password does not belong on a command line/);
    assert.ok(!errors.includes(SECRET));
    assert.equal(code, 2);
  });

  it('says that there is no such port', async () => {
    for (const command of ['configure', 'monitor']) {
      const { code, errors } = await computer.run(command, ['--port', computer.path('nowhere')]);
      assert.match(errors, /The port .*nowhere cannot be opened/);
      assert.equal(code, 1);
    }
  });

  it('is seen in the monitor, which sends what is typed', async () => {
    const { code, output } = await computer.run('monitor', ['--port', port], {
      input: '{"get":"settings"}\n',
      interruptWhen: (so) => so.includes('"settings"'),
    });
    assert.equal(code, 0);
    assert.match(output, /^\{"settings":\{"room":"bureau"/m);
  });
});
