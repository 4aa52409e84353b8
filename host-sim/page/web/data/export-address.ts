// The address of an export.

export interface Wanted {
  /** Epoch seconds; `undefined`: without limit. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** None: all. */
  readonly rooms: readonly string[];
  /** Of CSV. */
  readonly decimal?: 'point' | 'comma';
}

export function exportAddress(format: 'csv' | 'json', { from, to, rooms, decimal }: Wanted): string {
  // Without a beginning the server would give the last hour alone.
  const parameters = new URLSearchParams({ from: String(from ?? 0) });
  if (to !== undefined) parameters.set('to', String(to));
  for (const room of rooms) parameters.append('rooms', room);
  if (decimal !== undefined) parameters.set('decimal', decimal);
  return `/api/export.${format}?${parameters}`;
}
