// What one frame of the terminal view says, and that it fits any terminal.

import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { type FrameOptions, renderFrame } from '../../../host-sim/view/frame.js';
import type { Snapshot } from '../../../host-sim/view/snapshot.js';
import { english, french } from '../../../host-sim/view/words.js';
import { house, manyRooms, room, silentRoom } from './house.js';

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);
const anyControl = /\p{Cc}/u;
const sgr = /\p{Cc}\[\d+m/gu;

function render(snapshot: Snapshot, options: Partial<FrameOptions> = {}): string[] {
  return renderFrame(snapshot, { columns: 80, rows: 24, selected: 0, words: english, colors: plain, ...options });
}

/** The line of the table that shows the room. */
function lineOf(name: string, lines: readonly string[]): string {
  const line = lines.find((candidate) => candidate.slice(4).startsWith(name));
  assert.ok(line !== undefined, `no line of ${name} in\n${lines.join('\n')}`);
  return line;
}

const oddNames = [
  '理科室',
  'salle 👩‍🔬 101',
  '🇫🇷 France',
  '\x1b[2J\x1b[31mred',
  'two\r\nlines\tand a tab',
  '\u009b31mC1 control',
  '\u202eright to left',
  'lone \ud800 surrogate',
  'é'.repeat(32),
  '室'.repeat(21),
  'a long name of a room, with a remark on its sixty-four bytes !!!',
  'e\u0301'.repeat(21),
  '\u2028',
];

const sizes = [
  [80, 24],
  [120, 40],
  [40, 10],
  [20, 5],
  [200, 60],
  [79, 23],
  [100, 30],
  [60, 16],
  [30, 12],
  [10, 3],
  [3, 2],
  [1, 1],
] as const;

describe('a frame of the terminal view fits', () => {
  for (const [columns, rows] of sizes) {
    it(`${columns}×${rows}: with any house, in both languages, with and without colours`, () => {
      for (const count of [0, 1, 4, 25, 1000]) {
        const houses = [
          house(manyRooms(count)),
          house(manyRooms(count), { isEnding: true }),
          house(manyRooms(count, (index) => `${oddNames[index % oddNames.length]}`)),
          house(manyRooms(count), {
            broker: {
              url: `mqtts://${'x'.repeat(300)}\x1b[2J`,
              wsPort: undefined,
              isEmbedded: false,
              isUp: false,
              droppedForAbsent: 1e7,
            },
          }),
        ];
        for (const snapshot of houses)
          for (const words of [english, french])
            for (const colors of [plain, colored]) {
              const lines = render(snapshot, { columns, rows, selected: Math.max(0, count - 1), words, colors });
              assert.ok(lines.length <= rows, `${lines.length} lines`);
              for (const line of lines) {
                assert.ok(stringWidth(line) <= columns, `${stringWidth(line)} columns: ${JSON.stringify(line)}`);
                const visible = colors === colored ? line.replace(sgr, '') : line;
                assert.doesNotMatch(visible, anyControl);
                assert.doesNotMatch(visible, /\p{Cs}/u);
              }
            }
      }
    });
  }

  it('keeps the columns aligned under names of any script', () => {
    const names = ['plain', ...oddNames];
    const lines = render(house(names.map((name) => room(name))), { rows: 40 });
    const table = lines.filter((line) => line.includes('online'));
    assert.equal(table.length, names.length);
    assert.equal(new Set(table.map((line) => stringWidth(line.slice(0, line.indexOf('online'))))).size, 1);
  });

  it('shows characters that could steer the terminal as �', () => {
    const text = render(house([room('\x1b[31mred\nline')])).join('\n');
    assert.match(text, /�\[31mred�line/);
  });
});

describe('a frame of the terminal view says', () => {
  const rooms = [
    room('salon'),
    room('cuisine', {
      link: 'connecting',
      newest: { temperature: -0.04, humidity: 7.5, ageSeconds: 23 },
      buffered: 2,
      acknowledged: 44,
    }),
    silentRoom('bureau'),
  ];

  it('at 80×24: all that is known of a room', () => {
    const lines = render(house(rooms));
    assert.match(lineOf('salon', lines), /^▸ ● salon +21\.4 +21\.3 +45\.2 +45\.6 +online +0 +46 +3 s$/);
    assert.match(lineOf('cuisine', lines), /^ {2}◌ cuisine +0\.0 +21\.3 +7\.5 +45\.6 +connecting +2 ▮▮ +44 +23 s$/);
    assert.match(lineOf('bureau', lines), /^ {2}✕ bureau +! 18\.7 +– +58\.8 +– +Wi-Fi cut +12 ▮▮▮▮ +34 +2 min$/);
  });

  it('at 80×24: broker, port, elapsed time, mean of the house, titles and keys', () => {
    const lines = render(house(rooms));
    assert.match(lines[0] ?? '', /● mqtt:\/\/127\.0\.0\.1:1883 +WebSocket 9001 +1:02:03$/);
    assert.ok(lines.some((line) => /^House +20\.6 °C +47\.1 % +mean of 2 of 3 rooms, last 60 s$/.test(line)));
    assert.ok(lines.some((line) => /Temp\. °C +Humidity %/.test(line)));
    assert.ok(lines.some((line) => /Room +now +60 s +now +60 s +Link +Buffered +Acked +Age/.test(line)));
    assert.match(lines.at(-1) ?? '', /↑↓ select +w cut Wi-Fi +b cut broker +q end/);
    assert.equal(lines.length, 24);
  });

  it('where the page is, if there is one', () => {
    const snapshot = house([room('salon')], { page: 'http://127.0.0.1:8080' });
    assert.equal(render(snapshot)[1], 'Page in the browser: http://127.0.0.1:8080');
    assert.equal(render(snapshot, { words: french })[1], 'Page dans le navigateur : http://127.0.0.1:8080');
    assert.ok(
      !render(house([room('salon')]))
        .join()
        .includes('Page'),
    );
  });

  it('in French: with a decimal comma', () => {
    const lines = render(house(rooms), { words: french });
    assert.match(lineOf('salon', lines), /21,4 +21,3 +45,2 +45,6 +en ligne +0 +46 +3 s$/);
    assert.match(lineOf('bureau', lines), /Wi-Fi coupé +12 ▮+/);
    assert.ok(lines.some((line) => line.startsWith('Maison   20,6 °C   47,1 %   moyenne de 2 pièces sur 3')));
    assert.ok(lines.includes('! Muettes depuis plus de 30 s, hors de la moyenne : bureau'));
  });

  it('which rooms are silent', () => {
    assert.ok(render(house(rooms)).includes('! Silent for over 30 s, left out of the mean: bureau'));
    assert.ok(!render(house([room('salon')])).some((line) => line.includes('Silent')));
  });

  it('which rooms are silent, as many as fit, and how many more there are', () => {
    const silent = house(manyRooms(1000, (index) => `room-${index}`).map((one) => ({ ...one, isSilent: true })));
    const line = render(silent).find((candidate) => candidate.includes('Silent'));
    assert.match(line ?? '', /^! Silent: room-0, room-1, .* … and 99\d more$/);
  });

  it('that every room is silent, and gives no mean', () => {
    assert.ok(render(house([silentRoom('bureau')])).includes('House   –   every room is silent'));
  });

  it('that there are no rooms', () => {
    const text = render(house([])).join('\n');
    assert.match(text, /no rooms/);
    assert.doesNotMatch(text, /cut Wi-Fi/);
  });

  it('that the broker is cut, and how to restore it', () => {
    const broker = { url: 'mqtt://127.0.0.1:1883', wsPort: 9001, isEmbedded: true, isUp: false, droppedForAbsent: 0 };
    const text = render(house(rooms, { broker })).join('\n');
    assert.match(text, /✕ mqtt:\/\/127\.0\.0\.1:1883 +broker cut/);
    assert.match(text, /b restore broker/);
  });

  it('how many messages the broker dropped for absent subscribers, where it did', () => {
    const { broker } = house(rooms);
    const lines = render(house(rooms, { broker: { ...broker, droppedForAbsent: 12 } }));
    assert.ok(lines.includes('! 12 messages dropped for subscribers that stay away'));
    assert.equal(lines.length, 24);
    assert.ok(!render(house(rooms)).some((line) => line.includes('stay away')));
  });

  it('nothing of a key for a broker elsewhere', () => {
    const broker = { url: 'mqtts://school.example', wsPort: undefined, isEmbedded: false, isUp: true, droppedForAbsent: 0 };
    assert.doesNotMatch(render(house(rooms, { broker })).join('\n'), /broker|WebSocket/);
  });

  it('what became of the readings of the selected room', () => {
    const selected = { selected: 2 };
    const lines = render(
      house([...rooms.slice(0, 2), silentRoom('bureau', { dropped: 5, sensorFaults: 1, reconnects: 2 })]),
      selected,
    );
    assert.ok(lines.includes('▸ bureau   34 acknowledged, 5 lost, 1 sensor fault, 2 reconnects'));
    assert.match(lines.at(-1) ?? '', /w restore Wi-Fi/);
  });

  it('while ending: how much there is to deliver, on any terminal', () => {
    const ending = house(rooms, { isEnding: true });
    assert.ok(render(ending).includes('Ending: delivering 14 buffered readings…; Ctrl-C again to end at once'));
    assert.ok(render(ending, { columns: 20, rows: 5 }).some((line) => line.startsWith('Ending: ')));
  });

  it('what is buffered, with a bar that grows and shrinks up to the width of its column', () => {
    const bars = [0, 1, 2, 5, 12, 50].map((buffered) => {
      const line = lineOf('salon', render(house([room('salon', { buffered })])));
      return line.replaceAll(/[^▮]/g, '').length;
    });
    assert.deepEqual(bars, [0, 1, 2, 3, 4, 8]);
  });
});

describe('a frame of the terminal view scrolls', () => {
  for (const selected of [0, 1, 499, 998, 999]) {
    it(`to room ${selected} of 1000, and counts the hidden ones`, () => {
      for (const [columns, rows] of [
        [80, 24],
        [40, 10],
        [20, 5],
      ] as const) {
        const lines = render(house(manyRooms(1000, String)), { columns, rows, selected });
        assert.match(lines.find((line) => /^▸ [●◌✕] /.test(line)) ?? '', new RegExp(`^▸ . ${selected} `));
        const shown = lines.filter((line) => /^[▸ ] [●◌✕] \d/.test(line)).length;
        assert.ok(lines.some((line) => line.startsWith(`── … and ${1000 - shown} more`)));
      }
    });
  }

  it('not at all where every room fits', () => {
    assert.doesNotMatch(render(house(manyRooms(14)), { rows: 25 }).join('\n'), /more/);
  });
});

describe('a narrow frame', () => {
  it('drops the least important columns first', () => {
    const titles = (columns: number) => render(house([room('salon')]), { columns }).join('\n');
    assert.match(titles(120), /Lost +Faults +Reconnects/);
    assert.doesNotMatch(titles(80), /Faults/);
    assert.doesNotMatch(titles(60), /60 s +now/);
    assert.match(titles(60), /Link +Buffered +Age/);
    assert.match(titles(40), /now +now +Buffered/);
    assert.match(titles(20), /Room +now$/m);
  });
});

describe('colours', () => {
  it('are SGR codes only, and none without colours', () => {
    const painted = render(house(manyRooms(25)), { colors: colored });
    assert.match(painted.join(''), sgr);
    assert.deepEqual(
      painted.map((line) => line.replace(sgr, '')),
      render(house(manyRooms(25))),
    );
  });

  it('dim what is old', () => {
    const line = render(house([silentRoom('bureau')]), { colors: colored, selected: 1 }).find((one) => one.includes('Wi-Fi cut'));
    assert.ok(line?.includes(colored.dim(' 18.7')));
    assert.ok(line?.includes(colored.yellow('!')));
  });
});
