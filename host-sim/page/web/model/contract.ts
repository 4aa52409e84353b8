// Reads what stations say of themselves (design §3): which room a message speaks of, and what it says.

/** What a station says of itself; its readings come from the recorder. */
export type Report = 'status' | 'info' | 'diagnostics';

export interface Address {
  readonly room: string;
  readonly report: Report;
}

export type AddressOf = (topic: string) => Address | undefined;

/** What `info` says, as far as it is shown. */
export interface Info {
  readonly station: string;
  readonly board: string;
  readonly sensor: string;
  readonly intervalSeconds: number | undefined;
}

/** What `diagnostics` says, as far as it is shown. */
export interface Diagnostics {
  readonly buffered: number;
  readonly dropped: number;
  readonly reconnects: number;
  /** dBm. */
  readonly rssi: number | undefined;
  readonly sensorErrors: number;
  /** Why the sensor gives nothing, e.g. `no-response`; `undefined` while it works. */
  readonly sensorFault: string | undefined;
}

const REPORTS: readonly Report[] = ['status', 'info', 'diagnostics'];

/** Longest report that is read; honest stations stay far below. */
export const REPORT_MAXIMUM_BYTES = 4_096;

/** Reads the topics that `template` makes, where it has a room in it. */
export function addressReader(prefix: string, template: string): AddressOf {
  const pattern = topicPattern(prefix, template, `(?<report>${REPORTS.join('|')})`);
  return (topic) => {
    const { room, report } = pattern.exec(topic)?.groups ?? {};
    return room && report ? { room, report: report as Report } : undefined;
  };
}

/** What a topic asks of the station of a room; `undefined` where it is none of a command. */
export function commandOf(topic: string, prefix: string, template: string): { room: string; name: string } | undefined {
  const { room, name } = topicPattern(prefix, template, 'command/(?<name>.+)').exec(topic)?.groups ?? {};
  return room && name ? { room, name } : undefined;
}

/** @param quantity a pattern for what stands in its place */
function topicPattern(prefix: string, template: string, quantity: string): RegExp {
  const parts = template.split(/(\{(?:prefix|room|quantity)\})/).map((part) => {
    if (part === '{prefix}') return literally(prefix);
    if (part === '{room}') return '(?<room>[^/]+)';
    if (part === '{quantity}') return quantity;
    return literally(part);
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

export function parseInfo(payload: string): Info {
  const { station, board, sensor, interval } = parseObject(payload);
  return {
    station: textOf(station),
    board: textOf(board),
    sensor: textOf(sensor),
    intervalSeconds: isNumber(interval) && interval > 0 ? interval : undefined,
  };
}

export function parseDiagnostics(payload: string): Diagnostics {
  const { buffered, dropped, reconnects, rssi, sensorErrors, sensor } = parseObject(payload);
  const errors = Object.values(asObject(sensorErrors)).filter(isCount);
  const fault = asObject(sensor)['fault'];
  return {
    buffered: isCount(buffered) ? buffered : 0,
    dropped: isCount(dropped) ? dropped : 0,
    reconnects: isCount(reconnects) ? reconnects : 0,
    rssi: isNumber(rssi) && rssi < 0 ? rssi : undefined,
    sensorErrors: errors.reduce((sum, count) => sum + count, 0),
    sensorFault: fault === undefined ? undefined : textOf(fault),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(payload: string): Fields {
  try {
    return asObject(JSON.parse(payload));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 64) : '';
}
