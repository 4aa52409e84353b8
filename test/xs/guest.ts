// What XS runs: takes the name of a job and a count, and answers with what came of it.

import { decodeUtf8, encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { runJob } from './jobs.js';

declare global {
  /** Called by the worker for each question. */
  var handleCommand: (question: ArrayBuffer) => ArrayBufferLike;
}

globalThis.handleCommand = (question) => encodeUtf8(runJob(decodeUtf8(new Uint8Array(question)))).buffer;
