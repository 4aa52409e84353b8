// The few icons of the page, drawn with one stroke.

const PATHS = {
  rooms: 'M3 11.5 12 4l9 7.5M5.5 10v9.5h13V10M10 19.5v-5h4v5',
  chart: 'M4 4v16h16M7.5 15l3.5-5 3.5 3 5-7',
  mqtt: 'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM4.5 4.5l5.6 5.6M19.5 4.5l-5.6 5.6M4.5 19.5l5.6-5.6M19.5 19.5l-5.6-5.6',
  break: 'M13 3 5.5 13.5H12L11 21l7.5-10.5H12L13 3Z',
  data: 'M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M4.5 19.5h15',
  class: 'M3 8.5 12 4l9 4.5-9 4.5-9-4.5ZM7 11v5c2.5 2.6 7.5 2.6 10 0v-5M21 8.5V15',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  up: 'M6 15.5 15.5 6M8 6h7.5v7.5',
  down: 'M6 6l9.5 9.5M15.5 8v7.5H8',
  flat: 'M4 11h13M12.5 6.5 17 11l-4.5 4.5',
  warning: 'M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17v.4',
  close: 'M6 6l12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  play: 'M8 5.5v13l10-6.5-10-6.5Z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  chevron: 'M9 5.5 15.5 12 9 18.5',
  lock: 'M6.5 10.5h11v9h-11zM9 10.5V8a3 3 0 0 1 6 0v2.5',
  check: 'M5 12.5 10 17.5 19 7',
  buffer: 'M5 7.5h14M5 12h14M5 16.5h14',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
