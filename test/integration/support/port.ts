// Picks a loopback port that is free now and that nobody takes by chance while its owner gives it up for a while.

import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Below the ranges from which systems take ports on their own (from 32,768 on Linux, from 49,152 elsewhere). */
const LOWEST_PORT = 20_000;
const PORT_COUNT = 12_000;

const TRIES = 50;

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found on ${LOOPBACK} in ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}
