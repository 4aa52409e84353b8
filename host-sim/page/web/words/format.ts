// Numbers, durations and times as each language writes them.

import { lazily } from './lazily.js';

export interface Formats {
  /** With one decimal, and never `-0.0`. */
  decimal(value: number): string;
  /** With its sign. */
  change(value: number): string;
  whole(value: number): string;
  /** In whole seconds, minutes, hours or days, whichever keeps it short. */
  duration(seconds: number): string;
  /** How long ago. */
  age(seconds: number): string;
  /** Time of day, with seconds. */
  clock(epochSeconds: number): string;
  /** Time of day, without seconds. */
  minute(epochSeconds: number): string;
  /** The day of the month. */
  day(epochSeconds: number): string;
  /** Day and time of day. */
  dateTime(epochSeconds: number): string;
  /** Bytes, in the largest unit that keeps it short. */
  bytes(count: number): string;
}

/** What a language writes in its own way. */
export interface Customs {
  readonly locale: string;
  readonly decimalMark: string;
  /** Between groups of three digits. */
  readonly groupMark: string;
  /** Letters for a day and a byte. */
  readonly day: string;
  readonly byte: string;
  ago(duration: string): string;
}

export function formats({ locale, decimalMark, groupMark, day, byte, ago }: Customs): Formats {
  // By hand: the browser takes 50 ms to make its first formatter of numbers, in which the page would stand still.
  const whole = (value: number) => value.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, groupMark);
  const tenths = (value: number) => {
    const rounded = Math.round(Math.abs(value) * 10);
    const sign = value < 0 && rounded > 0 ? '-' : '';
    return `${sign}${whole(Math.floor(rounded / 10))}${decimalMark}${rounded % 10}`;
  };
  const times = (options: Intl.DateTimeFormatOptions) => lazily(() => new Intl.DateTimeFormat(locale, options));
  const clock = times({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const minute = times({ hour: '2-digit', minute: '2-digit' });
  const dayOfMonth = times({ day: 'numeric', month: 'short' });
  const dateTime = times({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const duration = (seconds: number) => {
    if (seconds < 60) return `${Math.floor(seconds)} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
    return `${Math.floor(seconds / 86_400)} ${day}`;
  };
  return {
    decimal: tenths,
    change: (value) => (Math.round(value * 10) > 0 ? `+${tenths(value)}` : tenths(value)),
    whole,
    duration,
    age: (seconds) => ago(duration(seconds)),
    clock: (epochSeconds) => clock().format(epochSeconds * 1000),
    minute: (epochSeconds) => minute().format(epochSeconds * 1000),
    day: (epochSeconds) => dayOfMonth().format(epochSeconds * 1000),
    dateTime: (epochSeconds) => dateTime().format(epochSeconds * 1000),
    bytes: (count) => (count < 1024 ? `${count} ${byte}` : `${tenths(count / 1024)} k${byte}`),
  };
}
