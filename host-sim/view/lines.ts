// A run as plain lines, where the output is no terminal: what happens, in sentences, one a line.

import type { Writable } from 'node:stream';
import type { Reporter, Summary } from '../reporter.js';

export function linesReporter(output: Writable): Reporter {
  const write = (line: string) => output.write(`${new Date().toISOString()} ${line}\n`);
  return {
    ready: ({ broker, wsPort, httpPort }) => {
      write(`broker ${broker}${wsPort === null ? '' : `, WebSocket port ${wsPort}`}`);
      if (httpPort !== null) write(`page http://127.0.0.1:${httpPort}`);
    },
    link: ({ room, state }) => write(`${room}: link ${state}`),
    reading: ({ room, temperature, humidity }) => write(`${room}: measured ${temperature.toFixed(1)} °C, ${humidity.toFixed(1)} %`),
    acknowledged: () => {},
    summary: (summary) => write(describeSummary(summary)),
  };
}

/** The summary as a sentence. */
export function describeSummary(summary: Summary): string {
  const { measured, acknowledged, dropped, buffered, reconnects } = summary;
  return `measured ${measured}, acknowledged ${acknowledged}, dropped ${dropped}, not delivered ${buffered}, reconnects ${reconnects}`;
}
