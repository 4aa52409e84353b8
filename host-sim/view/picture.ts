// Draws docs/terminal.svg, the picture of the terminal view in the README: `npm run picture`.

import { writeFileSync } from 'node:fs';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { renderFrame } from './frame.js';
import type { RoomSnapshot, Snapshot } from './snapshot.js';
import { english } from './words.js';

const columns = 80;
const rows = 24;
const CELL = { width: 9, height: 20, fontSize: 15 };
const MARGIN = 20;
const BACKGROUND = '#14181f';
const FOREGROUND = '#d7dde6';
const DIMMED = '#77818f';
const PALETTE: Readonly<Record<number, string>> = { 31: '#f2777a', 32: '#8fc97a', 33: '#e8b95c', 36: '#6cc7d9' };

interface Style {
  color: string;
  isBold: boolean;
}

function room(name: string, temperature: number, humidity: number, more: Partial<RoomSnapshot> = {}): RoomSnapshot {
  const newest = { temperature, humidity, ageSeconds: 3 };
  const mean = { temperature: temperature - 0.1, humidity: humidity + 0.2 };
  const counts = { buffered: 0, acknowledged: 46, dropped: 0, sensorFaults: 0, reconnects: 0 };
  return { room: name, link: 'online', newest, mean, isSilent: false, ...counts, ...more };
}

const snapshot: Snapshot = {
  broker: { url: 'mqtt://127.0.0.1:1883', wsPort: 9001, isEmbedded: true, isUp: true, droppedForAbsent: 0 },
  elapsedSeconds: 461,
  intervalSeconds: 10,
  rooms: [
    room('salon', 21.4, 45.2),
    room('cuisine', 20.8, 47.9, {
      link: 'connecting',
      newest: { temperature: 20.8, humidity: 47.9, ageSeconds: 23 },
      buffered: 2,
      acknowledged: 44,
    }),
    room('chambre', 18.9, 51.3),
    room('bureau', 19.6, 48.8, {
      link: 'wifi-cut',
      newest: { temperature: 19.6, humidity: 48.8, ageSeconds: 127 },
      mean: undefined,
      isSilent: true,
      buffered: 12,
      acknowledged: 34,
    }),
  ],
  house: { temperature: 20.3, humidity: 48.3 },
  isEnding: false,
};

/** Each run of one style is a text of its own, stretched to its columns: so they align in any font. */
function drawLine(line: string, row: number): string {
  const style: Style = { color: FOREGROUND, isBold: false };
  let column = 0;
  let drawn = '';
  for (const [, code, text] of line.matchAll(/\p{Cc}\[(\d+)m|([^\p{Cc}]+)/gu)) {
    if (text === undefined) restyle(style, Number(code));
    else {
      drawn += drawWords(text, column, row, style);
      column += stringWidth(text);
    }
  }
  return drawn;
}

function restyle(style: Style, code: number): void {
  if (code === 1) style.isBold = true;
  else if (code === 2) style.color = DIMMED;
  else {
    if (code === 22) style.isBold = false;
    style.color = PALETTE[code] ?? FOREGROUND;
  }
}

function drawWords(text: string, column: number, row: number, { color, isBold }: Style): string {
  const y = MARGIN + (row + 0.75) * CELL.height;
  return [...text.matchAll(/\S+/g)]
    .map(({ 0: word, index }) => {
      const x = MARGIN + (column + stringWidth(text.slice(0, index))) * CELL.width;
      const weight = isBold ? ' font-weight="bold"' : '';
      const length = stringWidth(word) * CELL.width;
      return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${color}"${weight}>${escapeXml(word)}</text>\n`;
    })
    .join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const width = columns * CELL.width + 2 * MARGIN;
const height = rows * CELL.height + 2 * MARGIN;
const lines = renderFrame(snapshot, { columns, rows, selected: 3, words: english, colors: picocolors.createColors(true) });
writeFileSync(
  'docs/terminal.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>The terminal view of the simulator</title>
<rect width="100%" height="100%" rx="10" fill="${BACKGROUND}"/>
<g font-family="ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.fontSize}">
${lines.map(drawLine).join('')}</g>
</svg>
`,
);
