// System programs that tests start: finds them, runs them, and ends with the test what is still running then.

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { describe } from 'mocha';

/** Where Debian keeps daemons; it is not on everybody's search path. */
const DAEMON_FOLDER = '/usr/sbin';

/** A system program that a suite needs, and Debian's packages that bring it. */
export type Need = readonly [program: string, debianPackages: string];

/** A suite that needs system programs: pending where one is absent, and in CI, where they have to be installed, a failure. */
export function describeWithPrograms(needs: readonly Need[], title: string, suite: () => void): void {
  describeUnlessMissing(missingPackages(needs), title, suite);
}

/** The same for `missing` packages of Debian that bring no program of their own. */
export function describeUnlessMissing(missing: readonly string[], title: string, suite: () => void): void {
  if (missing.length === 0 || process.env['CI'] !== undefined) describe(title, suite);
  else describe.skip(`${title} (apt-get install ${missing.join(' ')})`, suite);
}

/** Debian's packages for those of `needs` that are not installed. */
export function missingPackages(needs: readonly Need[]): string[] {
  return needs.flatMap(([program, debianPackages]) => (findProgram(program) === undefined ? debianPackages : []));
}

/** The path of `program`, or `undefined` where it is not installed. */
export function findProgram(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), DAEMON_FOLDER];
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Has `child` end with this process at the latest; resolves when it is gone and its output read, or could not be started. */
export function untilGone(child: ChildProcess): Promise<void> {
  const killAtEnd = () => child.kill('SIGKILL');
  process.once('exit', killAtEnd);
  return new Promise((resolve) => {
    child.once('close', () => {
      process.off('exit', killAtEnd);
      resolve();
    });
    child.once('error', () => resolve());
  });
}

export class Program {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** The lines that it has written so far to standard output and error. */
  readonly lines: string[] = [];

  /**
   * @param name of a program on the search path, or its whole path
   * @param onLine called for each line as it comes
   */
  constructor(
    name: string,
    args: readonly string[],
    onLine: (line: string) => void = () => {},
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    const path = isAbsolute(name) ? name : findProgram(name);
    if (path === undefined) throw new Error(`${name} is not installed`);
    const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
    this.#child = child;
    this.#exited = untilGone(child);
    for (const stream of [child.stdout, child.stderr]) {
      readLines(stream, (line) => {
        this.lines.push(line);
        onLine(line);
      });
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** `null` while it runs, and where a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the program with `signal`; resolves when it is gone and its output read. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) onLine(line);
  });
}
