// The transports of an ESP8266: TCP alone. TLS and WebSockets take more memory than it has, and are not in its image.

import TCP from 'embedded:io/socket/tcp';
import type { CreateTransports } from '../platform.js';

export const createTransports: CreateTransports = () => ({ tcp: TCP });
