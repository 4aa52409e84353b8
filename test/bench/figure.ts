// What a benchmark finds: figures, each beside that of a peer from the same run, where there is one.

export interface Figure {
  /** Words of the field, joined by dots: `read.jitter3us`. */
  readonly name: string;
  readonly value: number;
  /** `share` is from 0 to 1. */
  readonly unit: string;
  /** What it is compared with; `null` where nobody else does the same. */
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Value by peer value; where less is better, the other way round. `null` where that cannot be told. */
  readonly ratio: number | null;
}

const NOTHING = '-';

/** A line of progress for people; benchmarks run for minutes. */
export type Report = (progress: string) => void;

export function figure(name: string, value: number, unit: string, peer: string, peerValue: number): Figure {
  return { name, value, unit, peer, peerValue, ratio: peerValue === 0 ? null : value / peerValue };
}

/** A figure that nobody else has. */
export function loneFigure(name: string, value: number, unit: string): Figure {
  return { name, value, unit, peer: null, peerValue: null, ratio: null };
}

/** A table for the terminal, one figure a line. */
export function formatTable(figures: readonly Figure[]): string {
  const header = ['figure', 'value', 'unit', 'peer', 'its value', 'ratio'];
  const rows = figures.map(({ name, value, unit, peer, peerValue, ratio }) => [
    name,
    formatNumber(value),
    unit,
    peer ?? NOTHING,
    formatNumber(peerValue),
    formatNumber(ratio),
  ]);
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)));
  return table.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ')}`.trimEnd()).join('\n');
}

function formatNumber(value: number | null): string {
  if (value === null) return NOTHING;
  return Number.isInteger(value) ? String(value) : value.toPrecision(6).replace(/0+$/, '').replace(/\.$/, '');
}
