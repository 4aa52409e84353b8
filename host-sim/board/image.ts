// An image in one file, so that one computer with the SDK serves a class: the parts of the flash, where each begins, and for which
// chip they are.
//
// It is JSON, so that anybody can look at its head: {"format":"station-meteo image 1","target":…,"chip":…,"version":…,
// "parts":[{"offset":0,"md5":…,"bytes":base64},…]}. What is not in a part of it is not written: settings survive.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../user-error.js';
import { findTarget, type Target } from './targets.js';

const FORMAT = 'station-meteo image 1';

/** The largest flash of the boards. */
const FLASH_MAXIMUM_BYTES = 16 * 1024 * 1024;

export interface ImagePart {
  /** Bytes from the start of the flash. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface Image {
  readonly target: Target;
  /** Version of the firmware. */
  readonly version: string;
  readonly parts: readonly ImagePart[];
}

/** Lower-case hex digits. */
export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** @param isPrivate settings are built in: for this user's eyes only */
export function writeImage(file: string, image: Image, isPrivate: boolean): void {
  const parts = image.parts.map(({ offset, bytes }) => ({ offset, md5: md5(bytes), bytes: Buffer.from(bytes).toString('base64') }));
  const { target, version } = image;
  const text = JSON.stringify({ format: FORMAT, target: target.name, chip: target.chip, version, parts });
  writeFileSync(file, `${text}\n`, { mode: isPrivate ? 0o600 : 0o644 });
}

/** Throws `UserError` for what is no image, or a damaged one. */
export function readImage(file: string, command: string): Image {
  const refuse = (problem: string) => new UserError(`The image ${JSON.stringify(file)} ${problem}.`, command);
  const given = parse(file, refuse);
  if (given['format'] !== FORMAT) throw refuse('is not one of this project');
  const target = findTarget(String(given['target']));
  if (target === undefined || given['chip'] !== target.chip) throw refuse('is for a board that is not known here');
  const parts = Array.isArray(given['parts']) ? given['parts'].map(readPart) : [];
  if (parts.length === 0 || parts.includes(undefined)) throw refuse('is damaged: get it again');
  return { target, version: String(given['version']), parts: parts as ImagePart[] };
}

function parse(file: string, refuse: (problem: string) => UserError): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw refuse('is not one of this project, or is damaged');
  }
}

/** `undefined` where the part is damaged. */
function readPart(given: Record<string, unknown> | null): ImagePart | undefined {
  const offset = given?.['offset'];
  const bytes = Buffer.from(String(given?.['bytes']), 'base64');
  if (!Number.isInteger(offset) || (offset as number) < 0) return undefined;
  if (bytes.length === 0 || (offset as number) + bytes.length > FLASH_MAXIMUM_BYTES || md5(bytes) !== given?.['md5'])
    return undefined;
  return { offset: offset as number, bytes };
}
