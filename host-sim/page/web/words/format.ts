// Numbers, durations and times as each language writes them.

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

/** Making one of the browser's formatters takes milliseconds: each is made when it is first used. */
function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function formats(locale: string, day: string, byte: string, ago: (duration: string) => string): Formats {
  const numbers = (options: Intl.NumberFormatOptions) => lazily(() => new Intl.NumberFormat(locale, options));
  const times = (options: Intl.DateTimeFormatOptions) => lazily(() => new Intl.DateTimeFormat(locale, options));
  const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const tenths = numbers({ ...oneDecimal, signDisplay: 'negative' });
  const signed = numbers({ ...oneDecimal, signDisplay: 'exceptZero' });
  const whole = numbers({ maximumFractionDigits: 0 });
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
    decimal: (value) => tenths().format(value),
    change: (value) => signed().format(value),
    whole: (value) => whole().format(value),
    duration,
    age: (seconds) => ago(duration(seconds)),
    clock: (epochSeconds) => clock().format(epochSeconds * 1000),
    minute: (epochSeconds) => minute().format(epochSeconds * 1000),
    day: (epochSeconds) => dayOfMonth().format(epochSeconds * 1000),
    dateTime: (epochSeconds) => dateTime().format(epochSeconds * 1000),
    bytes: (count) => (count < 1024 ? `${count} ${byte}` : `${tenths().format(count / 1024)} k${byte}`),
  };
}
