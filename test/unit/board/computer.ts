// A computer of the test's own: with an SDK that is only as much as the commands look at, and whose mcconfig notes how it was called.

import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findSdk } from '../../../host-sim/board/sdk.js';
import { TARGETS } from '../../../host-sim/board/targets.js';

/** What `mcconfig` does in the place of building; its arguments are in $@, the output folder is in $output. */
export type FakeBuild = string;

/** How often what a program does is looked at. */
const POLL_MS = 20;

/** What a person does while a command runs. */
export interface Typing {
  /** Typed at once. */
  readonly input?: string;
  /** Ctrl-C, once this holds of what was printed so far. */
  interruptWhen?(output: string): boolean;
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export class TestComputer {
  readonly folder = mkdtempSync(join(tmpdir(), 'station-meteo-test-'));
  readonly sdk = join(this.folder, 'moddable');
  readonly #environment: Record<string, string> = { MODDABLE: this.sdk, ESP_BASE: join(this.folder, 'esp') };

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): string {
    const file = this.path(name);
    mkdirSync(resolve(file, '..'), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  set(name: string, value: string): void {
    this.#environment[name] = value;
  }

  /** @param build shell lines; `exit 0` where nothing is to be built */
  installSdk(version: string, build: FakeBuild = 'exit 0'): void {
    this.write('moddable/tools/VERSION', `${version}\n`);
    const mcconfig = this.write(
      'moddable/build/bin/lin/release/mcconfig',
      `#!/bin/sh\necho "$@" > '${this.path('arguments')}'\nwhile [ $# -gt 0 ]; do [ "$1" = -o ] && output=$2; manifest=$1; shift; done\n${build}\n`,
    );
    chmodSync(mcconfig, 0o755);
  }

  /** The files that the ESP8266's build and image come from. */
  installEsp8266(): void {
    this.write('esp/esp8266-2.3.0/platform.txt', '');
    this.write('esp/toolchain/Linux/xtensa-lx106-elf/bin/xtensa-lx106-elf-gcc', '');
    const firmware = 'esp/ESP8266_RTOS_SDK/components/esp8266/firmware';
    this.write(`${firmware}/boot_v1.7.bin`, 'boot');
    this.write(`${firmware}/esp_init_data_default.bin`, 'radio');
  }

  /** What `findSdk` has to say. */
  look(target: keyof typeof TARGETS | undefined, platform: NodeJS.Platform = 'linux') {
    const computer = { platform, environment: this.#environment, home: this.path('home') };
    return findSdk(target === undefined ? undefined : TARGETS[target], computer);
  }

  /** Runs one of the commands of package.json as npm would, from a copy of what they read. */
  async run(command: string, args: readonly string[], { input, interruptWhen }: Typing = {}): Promise<Outcome> {
    const environment = { PATH: process.env['PATH'], TMPDIR: this.temporary(), HOME: this.path('home'), ...this.#environment };
    const program = resolve('build/host-sim/board/main.js');
    const child = spawn(process.execPath, [program, command, ...args], { cwd: this.#repository(), env: environment });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    if (input !== undefined) child.stdin.write(input);
    const poll = interruptWhen && setInterval(() => interruptWhen(output) && interrupt(), POLL_MS);
    const interrupt = () => {
      clearInterval(poll);
      child.kill('SIGINT');
    };
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearInterval(poll);
    return { code, output, errors };
  }

  /** Where programs that run here put what is temporary. */
  temporary(): string {
    const folder = this.path('temporary');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** The commands are started at the top of the repository, and write to its build folder: here to one of the test. */
  #repository(): string {
    const folder = this.path('repository');
    if (!existsSync(folder))
      for (const entry of ['manifests', 'package.json']) cpSync(entry, join(folder, entry), { recursive: true });
    return folder;
  }
}
