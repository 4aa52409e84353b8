// Holds the shape of the repository: layers (design §2), a pure core, no dead files, and nothing that belongs to one machine.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'mocha';
import { FIRMWARE_VERSION } from '../host-sim/device.js';
import { codeOf, type Finding, findAll, importsOf } from './tidy/source.js';

/** Entries at the top of the repository; files whose names begin with a dot come on top of these. */
const TOP_LEVEL = [
  'firmware',
  'host-sim',
  'manifests',
  'test',
  'docs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'biome.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

const CORE = ['firmware/errors.ts', 'firmware/ports.ts'];

/** Who may import whom: the first row whose prefix fits a file holds for it. Arrows point inward. */
const LAYERS: readonly (readonly [layer: string, mayImport: readonly string[]])[] = [
  ['firmware/errors.ts', []],
  ['firmware/ports.ts', []],
  ['firmware/mqtt/', [...CORE, 'firmware/mqtt/']],
  ['firmware/dht22/', [...CORE, 'firmware/dht22/']],
  ['firmware/spool/', [...CORE, 'firmware/spool/']],
  ['firmware/station/', [...CORE, 'firmware/mqtt/', 'firmware/dht22/', 'firmware/spool/', 'firmware/station/']],
  ['firmware/platform/simulated/', [...CORE, 'firmware/platform/simulated/']],
  ['firmware/', ['firmware/']],
  // What students read is built on the ecosystem's clients, not on ours.
  ['host-sim/exercises/', ['host-sim/exercises/']],
  // The page runs in a browser: of the simulator it knows the API alone, and it speaks MQTT as the boards do.
  ['host-sim/page/web/', ['firmware/mqtt/', 'host-sim/page/web/', 'host-sim/page/api.ts']],
  ['host-sim/', ['firmware/', 'host-sim/']],
  ['test/', ['firmware/', 'host-sim/', 'test/']],
];

/** What a machine gives and the pure core therefore must not name: time, chance and IO come in through ports. */
const IMPURE =
  /\b(?:Date|Math\s*\.\s*random|set(?:Timeout|Interval|Immediate)|queueMicrotask|performance|Buffer|Text(?:En|De)coder|Promise|async|await|process|console|globalThis|crypto|fetch|require|eval)\b/g;

/** At the top of a module: a variable that changes, or an empty container that can only be there to be filled. */
const MODULE_STATE = /^(?:export\s+)?(?:(?:let|var)\b|const\s.*=\s*(?:new (?:Map|Set|WeakMap)\b|\[\];|\{\};)).*/gm;

/** A name that is private by the language. */
const HASH_NAME = /#\w+/g;

/** A regular expression, whose inside is blanked out, and methods that need the same part of the engine. */
const DEAR_IN_FLASH = /\/ +\/|\.(?:replace|replaceAll|match|matchAll|search|toUpperCase|toLowerCase|normalize)\(/g;

/** Folders that only one machine has, and a Windows one. Written so that this line is none itself. */
const MACHINE_PATHS = new RegExp(
  `(?<![\\w.~/-])(?:/(?:${['home', 'root', 'work', 'tmp', 'Users'].join('|')})/|[A-Z]:\\\\Users)`,
  'g',
);

const TEXT_FILE = /\.(?:tsx?|js|mjs|cjs|json|md|c|h|S|css|html|svg|yml|yaml|txt|csv|sh)$/;

/** Files of the project, tracked or about to be; without git, what lies there. */
function listFiles(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const files = listed.split('\n').filter((file) => file !== '' && existsSync(file));
    if (files.length > 0) return files;
  } catch {
    // No git, or no repository: a downloaded archive.
  }
  return readdirSync('.', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name))
    .filter((file) => !/(?:^|\/)(?:node_modules|build|\.git)\//.test(file));
}

interface SourceFile {
  readonly path: string;
  readonly source: string;
  readonly code: string;
  readonly imports: readonly Finding[];
}

function readSource(path: string): SourceFile {
  const source = readFileSync(path, 'utf8');
  const code = codeOf(source);
  return { path, source, code, imports: importsOf(source, code) };
}

const isRelative = (specifier: string) => specifier.startsWith('.');

/** The TypeScript file that a relative `specifier` in `path` means. */
function resolve(path: string, specifier: string): string {
  const module = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '');
  return existsSync(`${module}.tsx`) ? `${module}.tsx` : `${module}.ts`;
}

const isCore = (path: string) =>
  path.startsWith('firmware/') &&
  path !== 'firmware/main.ts' &&
  (!path.startsWith('firmware/platform/') || path.startsWith('firmware/platform/simulated/'));

function assertNone(problems: readonly string[]): void {
  assert.ok(problems.length === 0, `\n  ${problems.join('\n  ')}`);
}

describe('tidy', () => {
  const files = listFiles();
  // Declarations (.d.ts) describe what others wrote: they name types of the outside and are imported by nobody.
  const sources = files.filter((file) => /^(?:firmware|host-sim|test)\/.*(?<!\.d)\.tsx?$/.test(file)).map(readSource);
  const known = new Set(sources.map(({ path }) => path));

  it('keeps the top level to what the design names', () => {
    const entries = new Set(files.map((file) => file.split('/')[0] as string));
    assertNone([...entries].filter((entry) => !entry.startsWith('.') && !TOP_LEVEL.includes(entry)));
  });

  it('names no folder of one machine', () => {
    const problems = files
      .filter((file) => TEXT_FILE.test(file))
      .flatMap((file) => findAll(readFileSync(file, 'utf8'), MACHINE_PATHS).map(({ text, line }) => `${file}:${line}: ${text}`));
    assertNone(problems);
  });

  it('lets arrows point inward', () => {
    const problems = sources.flatMap(({ path, imports }) => {
      const [, mayImport] = LAYERS.find(([layer]) => path.startsWith(layer)) as (typeof LAYERS)[number];
      return imports
        .filter(({ text }) => isRelative(text) && !mayImport.some((layer) => resolve(path, text).startsWith(layer)))
        .map(({ text, line }) => `${path}:${line}: must not import ${text}`);
    });
    assertNone(problems);
  });

  it('lets only firmware/main.ts and firmware/platform name modules of the device', () => {
    assertNone(
      sources
        .filter(({ path }) => isCore(path))
        .flatMap(({ path, imports }) =>
          imports.filter(({ text }) => !isRelative(text)).map(({ text, line }) => `${path}:${line}: must not import ${text}`),
        ),
    );
  });

  it('lets the simulator import what package.json lists, and Node', () => {
    const { dependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: Record<string, string> };
    const isListed = (specifier: string) =>
      specifier.startsWith('node:') ||
      Object.keys(dependencies).some((name) => specifier === name || specifier.startsWith(`${name}/`));
    assertNone(
      sources
        .filter(({ path }) => path.startsWith('host-sim/'))
        .flatMap(({ path, imports }) =>
          imports
            .filter(({ text }) => !isRelative(text) && !isListed(text))
            .map(({ text, line }) => `${path}:${line}: ${text} is no dependency`),
        ),
    );
  });

  it('writes relative imports as files that exist, ending in .js', () => {
    // A module that binds native code is JavaScript, with a declaration beside it.
    const isModule = (path: string) => known.has(path) || existsSync(path.replace(/\.ts$/, '.d.ts'));
    assertNone(
      sources.flatMap(({ path, imports }) =>
        imports
          .filter(({ text }) => isRelative(text))
          .filter(({ text }) =>
            text.endsWith('.js') ? !isModule(resolve(path, text)) : !existsSync(posix.join(posix.dirname(path), text)),
          )
          .map(({ text, line }) => `${path}:${line}: ${text}`),
      ),
    );
  });

  it('keeps the core pure', () => {
    assertNone(
      sources
        .filter(({ path }) => isCore(path))
        .flatMap(({ path, code }) =>
          findAll(code, IMPURE).map(({ text, line }) => `${path}:${line}: the core must not use ${text}`),
        ),
    );
  });

  it('keeps no mutable state in modules of the firmware', () => {
    // Modules are preloaded into flash: what they hold is frozen there (design §2).
    assertNone(
      sources
        .filter(({ path }) => path.startsWith('firmware/'))
        .flatMap(({ path, code }) => findAll(code, MODULE_STATE).map(({ text, line }) => `${path}:${line}: ${text}`)),
    );
  });

  // Where `path` begins with one of these, the ESP8266 runs it.
  const onEveryBoard = sources.filter(({ path }) => /^firmware\/(?:mqtt|dht22|spool|station|errors|main)/.test(path));

  it('hides names in the firmware with private, which costs no memory (decision 053)', () => {
    assertNone(
      onEveryBoard.flatMap(({ path, code }) =>
        findAll(code, HASH_NAME).map(({ text, line }) => `${path}:${line}: private, not #, for ${text}`),
      ),
    );
  });

  it('brings neither regular expressions nor tables of Unicode into the image (decision 071)', () => {
    assertNone(
      onEveryBoard.flatMap(({ path, code }) => findAll(code, DEAR_IN_FLASH).map(({ text, line }) => `${path}:${line}: ${text}`)),
    );
  });

  it('begins each file with a comment that says its one job', () => {
    const firstLine = /^(?:#!.*\n)?(?:\/\/ |\/\*+ ?)\S/;
    assertNone(
      files
        .filter((file) => /^(?:firmware|host-sim|test)\/.*\.(?:tsx?|js|mjs|c|h|css)$/.test(file))
        .filter((file) => !firstLine.test(readFileSync(file, 'utf8')))
        .map((file) => `${file}:1: say what this file is for`),
    );
  });

  it('has one version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal(FIRMWARE_VERSION, version);
    assert.equal(JSON.parse(readFileSync('manifests/base.json', 'utf8')).config.version, version);
  });

  it('has no dead file', () => {
    const scripts = readFileSync('package.json', 'utf8');
    const mapped = new Set(files.filter(isManifest).flatMap(pathsIn));
    const isEntry = (path: string) =>
      path === 'firmware/main.ts' ||
      path === 'host-sim/main.ts' ||
      path === 'host-sim/page/web/main.tsx' ||
      path.endsWith('.test.ts') ||
      scripts.includes(`build/${path.replace(/\.ts$/, '.js')}`) ||
      // The manifests map modules of the device, by path without extension or by folder.
      (path.startsWith('firmware/platform/') && (mapped.has(path.replace(/\.ts$/, '')) || mapped.has(`${posix.dirname(path)}/*`)));

    const importedBy = new Map(sources.map(({ path, imports }) => [path, imports.map(({ text }) => resolve(path, text))]));
    const reached = (roots: readonly string[]) => {
      const alive = new Set<string>();
      const visit = (path: string) => {
        if (alive.has(path)) return;
        alive.add(path);
        importedBy.get(path)?.forEach(visit);
      };
      roots.forEach(visit);
      return alive;
    };
    const entries = [...known].filter(isEntry);
    const usedByProduct = reached(entries.filter((path) => !path.startsWith('test/')));
    const usedByTests = reached(entries);
    // A product file that only a test imports is dead too.
    const dead = [...known].filter((path) => !(path.startsWith('test/') ? usedByTests : usedByProduct).has(path));
    assertNone(dead.map((path) => `${path}: nothing imports it`));
  });
});

/** A target's manifest, or one that lies beside native code. */
function isManifest(path: string): boolean {
  return /^manifests\/.*\.json$|^firmware\/.*\/manifest\.json$/.test(path);
}

/** The paths that a manifest names relative to itself, from the top of the repo. */
function pathsIn(manifest: string): string[] {
  const relative = readFileSync(manifest, 'utf8').matchAll(/"(\.\.?\/[^"]*)"/g);
  return [...relative].map(([, path]) => posix.join(posix.dirname(manifest), path as string));
}
