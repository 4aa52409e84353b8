// `node --expose-gc million.js SEED`: feeds a million mutated packets to the sessions, and prints as JSON what they left in the heap.

import { MutantStream } from './mutant-stream.js';

const PACKETS = 1_000_000;
/** Until everything is compiled, and each buffer that is made when it is first used is made. */
const WARM_UP_PACKETS = 50_000;

const collect = globalThis.gc;
if (!collect) throw new Error('without --expose-gc nothing is collected');

const stream = new MutantStream(Number(process.argv[2]));
stream.feed(WARM_UP_PACKETS);
const before = heapBytes(collect);
const brokenBefore = stream.brokenCount;
stream.feed(PACKETS);
const figures = {
  packets: PACKETS,
  broken: stream.brokenCount - brokenBefore,
  messages: stream.messageCount,
  grownBytes: heapBytes(collect) - before,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);

/** What is left after a collection: objects, and what typed arrays hold. */
function heapBytes(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
