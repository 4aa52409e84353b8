// Runs a program of the SDK in front of the person who typed the command, and takes it along when the command is ended.

import { spawn } from 'node:child_process';
import { exitOnSignals } from './signals.js';

/** A shell expects this for a program that a signal ended, and the number of the signal on top. */
const SIGNALLED = 128;

/** @param isBatch Windows: a batch file, which only a shell runs, and a shell splits at spaces. */
export function runInForeground(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  isBatch = false,
): Promise<number> {
  const quote = (word: string) => (isBatch ? `"${word}"` : word);
  const hasGroups = process.platform !== 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(quote(program), args.map(quote), {
      env: environment,
      stdio: 'inherit',
      shell: isBatch,
      detached: hasGroups,
    });
    // In a group of its own with all that it starts: a compiler must not write on into a folder that is removed behind this.
    const end = () => {
      if (child.pid === undefined) return;
      if (hasGroups) killGroup(child.pid);
      else child.kill();
    };
    process.prependOnceListener('exit', end);
    exitOnSignals();
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', end);
      resolve(code ?? SIGNALLED);
    });
  });
}

/** With the one signal after which nothing more is written. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
