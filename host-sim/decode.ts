// `npm run decode -- dht22 < trains.jsonl`: decodes edge times that anyone supplies with the firmware's own decoder, a line each.

import { AnswerDecoder, EDGES_MAXIMUM } from '../firmware/dht22/edges.js';
import { newMeasurement } from '../firmware/dht22/frame.js';
import { DHT22_MODEL_NAMES, DHT22_MODELS, type Dht22Model } from '../firmware/dht22/model.js';
import { runProgram } from './program.js';
import { EXIT_FAILURE, EXIT_USAGE, UserError } from './user-error.js';

const HELP = `Decodes the pulses of a DHT22 or one of its relatives: one line of JSON in, one out.

  npm run decode -- dht22 < trains.jsonl

In:  {"edges":[0,80,160,210,236,...],"model":"dht22"}
     edges  when the line changed, in µs, alternating, the first one falling; the start pulse of the host may be in front.
            Of more than ${EDGES_MAXIMUM} edges the first ${EDGES_MAXIMUM} count, as on the board.
     model  ${DHT22_MODEL_NAMES.join(', ')} (default: dht22)
Out: {"temperature":21.4,"humidity":45.2,"repaired":0}
     °C, %RH, and how many edges were late, missing or too many
or:  {"error":"checksum","bit":null}
     why there is no reading, and in which of the 40 bits, counted from 0, where that is known; docs/dht22.md lists the errors
or:  {"error":"bad-line","line":7,"problem":"edges is no array of numbers"}
     the line is no train; the others are decoded, and the exit code is ${EXIT_FAILURE}

  --help   this text
`;

const COMMAND = 'npm run decode -- dht22 < trains.jsonl';

/** An edge time on the board is a number of 16 bits. */
const EDGE_MAXIMUM_US = 0xffff;

/** A train of 88 edges has some 600 characters. */
const LINE_MAXIMUM = 1 << 20;

/** Output is written in pieces of about this size. */
const OUTPUT_CHARACTERS = 1 << 16;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const [sensor = '', ...rest] = args;
  if (sensor !== 'dht22' || rest.length > 0) {
    throw new UserError(`${JSON.stringify(args.join(' '))} is not what can be decoded: it is dht22.`, COMMAND, EXIT_USAGE);
  }
  if (process.stdin.isTTY) throw new UserError('The trains come on the standard input.', COMMAND, EXIT_USAGE);
  // The reader of our output has gone: nobody wants the rest.
  process.stdout.on('error', () => process.exit(EXIT_FAILURE));
  return decodeAll();
}

/** Decodes line by line, as they come; returns the exit code. */
async function decodeAll(): Promise<number> {
  const trains = new TrainDecoder();
  let output = '';
  let badLines = 0;
  let lineNumber = 0;
  for await (const line of readLines()) {
    lineNumber++;
    if (line.trim() === '') continue;
    const problem = trains.read(line);
    if (problem !== undefined) badLines++;
    const result = problem === undefined ? trains.decode() : { error: 'bad-line', line: lineNumber, problem };
    output += `${JSON.stringify(result)}\n`;
    if (output.length < OUTPUT_CHARACTERS) continue;
    await write(output);
    output = '';
  }
  await write(output);
  if (badLines === 0) return 0;
  process.stderr.write(`${badLines} of ${lineNumber} lines are no trains. Type: npm run decode -- --help\n`);
  return EXIT_FAILURE;
}

async function* readLines(): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    yield* lines;
    if (rest.length > LINE_MAXIMUM) throw new UserError(`A line is longer than ${LINE_MAXIMUM} characters.`, COMMAND);
  }
  if (rest !== '') yield rest;
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once('drain', resolve);
  });
}

/** One train at a time: read it, then decode it. */
class TrainDecoder {
  readonly #edgesUs = new Uint16Array(EDGES_MAXIMUM);
  readonly #decoders = new Map<Dht22Model, AnswerDecoder>();
  readonly #measurement = newMeasurement();
  #edgeCount = 0;
  #model: Dht22Model = 'dht22';

  constructor() {
    for (const model of DHT22_MODEL_NAMES) this.#decoders.set(model, new AnswerDecoder(DHT22_MODELS[model], this.#edgesUs));
  }

  /** Takes the train that `line` holds; returns what is wrong with it, if anything is. */
  read(line: string): string | undefined {
    let train: unknown;
    try {
      train = JSON.parse(line);
    } catch {
      return 'it is no JSON';
    }
    if (typeof train !== 'object' || train === null || Array.isArray(train)) return 'it is no JSON object';
    const { edges, model = 'dht22' } = train as Record<string, unknown>;
    const known = DHT22_MODEL_NAMES.find((name) => name === model);
    if (known === undefined) return `model ${JSON.stringify(model)} is not known; known: ${DHT22_MODEL_NAMES.join(', ')}`;
    this.#model = known;
    return this.#readEdges(edges);
  }

  /** The reading, or why there is none, as it is shown. */
  decode(): object {
    const measurement = this.#measurement;
    (this.#decoders.get(this.#model) as AnswerDecoder).decode(this.#edgeCount, measurement);
    const { fault, faultBit, temperatureTenths, humidityTenths, repairedEdges } = measurement;
    if (fault !== undefined) return { error: fault, bit: faultBit < 0 ? null : faultBit };
    return { temperature: temperatureTenths / 10, humidity: humidityTenths / 10, repaired: repairedEdges };
  }

  #readEdges(edges: unknown): string | undefined {
    if (!Array.isArray(edges) || !edges.every(Number.isFinite)) return 'edges is no array of numbers';
    this.#edgeCount = Math.min(edges.length, EDGES_MAXIMUM);
    for (let edge = 0; edge < this.#edgeCount; edge++) {
      // Whole µs since the first, as the board has them. Jitter may have put the second edge before the first.
      const edgeUs = Math.max(0, Math.round(edges[edge] - edges[0]));
      if (edgeUs > EDGE_MAXIMUM_US) return `edge ${edge} comes more than ${EDGE_MAXIMUM_US} µs after the first`;
      this.#edgesUs[edge] = edgeUs;
    }
    return undefined;
  }
}

await runProgram(main);
