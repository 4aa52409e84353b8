// A Python that has Eclipse Paho: the first on the search path, or else Debian's own.

import { spawnSync } from 'node:child_process';
import { describeUnlessMissing, findProgram } from './program.js';

const DEBIAN_PYTHON = '/usr/bin/python3';

/** `undefined` where none is installed. */
export const pythonWithPaho: string | undefined = [findProgram('python3'), DEBIAN_PYTHON].find(
  (path) => path !== undefined && spawnSync(path, ['-c', 'import paho.mqtt.client']).status === 0,
);

export function describeWithPaho(title: string, suite: () => void): void {
  describeUnlessMissing(pythonWithPaho === undefined ? ['python3-paho-mqtt'] : [], title, suite);
}
