// What ends a program from outside ends it by way of `exit`, so that what it has to leave behind in order is left so.

/** Ctrl-C, a closed terminal, `kill`. */
const ENDINGS = { SIGINT: 2, SIGHUP: 1, SIGTERM: 15 } as const;

/** A shell expects 128 and the number of the signal. A second Ctrl-C must not break off what is done at `exit`. */
export function exitOnSignals(): void {
  for (const [signal, number] of Object.entries(ENDINGS)) process.on(signal, () => process.exit(128 + number));
}
