// Holds each implementation of the TCP port to its contract.

import { openNodeBench } from './node-tcp-bench.js';
import { openSimulatedBench } from './simulated-tcp-bench.js';
import { holdsTcpContract } from './tcp-port.js';

holdsTcpContract('the simulator, on node:net', openNodeBench);
holdsTcpContract('simulated, in virtual time', openSimulatedBench);
