// Reads the body of a request, and writes an answer: bounded, compressed where it pays, never cached.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { ApiError } from '../api.js';
import { HttpError } from './http-error.js';

/** Every request of the API is shorter. */
const BODY_MAXIMUM_BYTES = 16_384;

/** Below this, compressing costs more than it saves. */
const COMPRESSED_FROM_BYTES = 2_048;

const FAST = { level: constants.Z_BEST_SPEED };

/** The JSON object in the body. Throws `HttpError`. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new HttpError('bad-request', 'The body must have the type application/json.');
  }
  const bytes = await readBytes(request);
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new HttpError('bad-request', 'The body is no JSON object.');
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let byteCount = 0;
    request.on('data', (chunk: Buffer) => {
      byteCount += chunk.length;
      // What is too long is read to its end all the same, so that the answer is heard.
      if (byteCount <= BODY_MAXIMUM_BYTES) chunks.push(chunk);
      else reject(new HttpError('bad-request', `The body is longer than ${BODY_MAXIMUM_BYTES} bytes.`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

export async function sendJson(request: IncomingMessage, response: ServerResponse, value: unknown): Promise<void> {
  const text = Buffer.from(JSON.stringify(value));
  const isCompressed = text.length >= COMPRESSED_FROM_BYTES && acceptsGzip(request);
  const body = isCompressed ? await promisify(gzip)(text, FAST) : text;
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}

/** Sends a file that is made while it is sent: nothing is read ahead of a slow reader. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  name: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const isCompressed = acceptsGzip(request);
  response.writeHead(200, {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  });
  const source = Readable.from(pieces);
  await (isCompressed ? pipeline(source, createGzip(FAST), response) : pipeline(source, response));
}

export function sendError(response: ServerResponse, error: HttpError): void {
  const answer: ApiError = { error: { code: error.code, message: error.message } };
  response.writeHead(error.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}
