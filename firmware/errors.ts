// The base of every error that this firmware throws. A throw means a programming error or an unusable setting;
// an expected failure of the outside (sensor, link, broker) is an event with a class and a counter instead.

/** Base class of all errors thrown by station-meteo. Subclasses have a literal `name`, so that it survives minifying. */
export class StationError extends Error {
  override readonly name: string = 'StationError';
}

/** A caller broke the contract of a function: an argument out of range, or a call in the wrong state. */
export class ContractError extends StationError {
  override readonly name = 'ContractError';
}
