// A run as JSON, one object a line, for programs: `event` names the kind.

import type { Writable } from 'node:stream';
import type { Reporter } from '../reporter.js';

export function jsonReporter(output: Writable): Reporter {
  const write = (event: string, fields: object) => output.write(`${JSON.stringify({ event, ...fields })}\n`);
  return {
    ready: (event) => write('ready', event),
    link: (event) => write('link', event),
    reading: (event) => write('reading', event),
    acknowledged: (event) => write('acknowledged', event),
    summary: (event) => write('summary', event),
  };
}
