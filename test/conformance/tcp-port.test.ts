// Holds each implementation of the stream port to its contract.

import { openNodeBench } from './node-bench.js';
import { nodeTransports } from './node-transports.js';
import { openSimulatedBench } from './simulated-tcp-bench.js';
import { holdsTcpContract } from './tcp-port.js';

for (const [name, transport] of nodeTransports()) holdsTcpContract(`the simulator, ${name}`, () => openNodeBench(transport));
holdsTcpContract('simulated, in virtual time', openSimulatedBench);
