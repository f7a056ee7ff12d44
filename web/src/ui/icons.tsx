/** 16-pixel line icons. Decorative: the control around one carries the name. */
const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  columns: 'M2.5 3.5h11v9h-11zM6.2 3.5v9M9.8 3.5v9',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  sun: 'M8 10.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8',
  moon: 'M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z',
  system: 'M2.5 3h11v7.5h-11zM6 13h4',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5',
  restore: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5L5.8 3.7M3 6.5l2.8 2.8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  check: 'M3 8.5l3.2 3L13 4.5',
  up: 'M8 12.5v-9M4.5 7L8 3.5 11.5 7',
  down: 'M8 3.5v9M4.5 9L8 12.5 11.5 9',
  chevron: 'M4.5 6.5L8 10l3.5-3.5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  keyboard: 'M1.5 4.5h13v7.5h-13zM4 7h.01M6.6 7h.01M9.3 7h.01M12 7h.01M5 9.6h6',
  edit: 'M3 13l.7-3L10.6 3.1l2.3 2.3L6 12.3z',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  folder: 'M2.5 4h4l1.4 1.6h5.6v7.4h-11z',
  save: 'M8 3v7M5 7.5L8 10.5l3-3M3 13h10',
  child: 'M4 3v5.5h7M8.6 6L11 8.5 8.6 11',
  expand: 'M9.5 3h3.5v3.5M13 3L9 7M6.5 13H3V9.5M3 13l4-4',
  chart: 'M2.5 2.5v11h11M5 10.5l2.6-3.6 2.2 1.8L13 4.5',
  model: 'M8 2l5.2 3v6L8 14l-5.2-3V5zM2.8 5L8 8l5.2-3M8 8v6',
  data: 'M8 6.5c2.9 0 5-.9 5-2s-2.1-2-5-2-5 .9-5 2 2.1 2 5 2zM3 4.5v7c0 1.1 2.1 2 5 2s5-.9 5-2v-7M3 8c0 1.1 2.1 2 5 2s5-.9 5-2',
  job: 'M2.5 3h4.5v3.5h-4.5zM9 9.5h4.5V13H9zM4.7 6.5v4.7H9M7 4.7h4.2v4.8',
  deploy: 'M2.5 10.5h11v3h-11zM5 12h.01M8 8.5v-6M5.5 5L8 2.5 10.5 5',
  promote: 'M8 13V3.5M4.5 7L8 3.5 11.5 7M3.5 13h9',
  prompt: 'M2.5 3h11v8H7.5L4.5 13.5V11h-2zM5 6h6M5 8.3h4',
  webhook: 'M5.2 5.2a4 4 0 0 1 5.6 0M3.3 3.3a6.6 6.6 0 0 1 9.4 0M8 7.5v6M5.5 11L8 13.5 10.5 11',
  lineage:
    'M2.2 5.2h3.2v3H2.2zM10.6 2.2h3.2v3h-3.2zM10.6 9.8h3.2v3h-3.2zM5.4 6.4C8.4 6 7.6 3.7 10.6 3.7M5.4 7.2c3 .4 2.2 4.1 5.2 4.1',
  run: 'M5 3.4l7.4 4.6L5 12.6z',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  dots: 'M3.1 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zM7.5 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0zM11.9 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z',
  left: 'M12.5 8h-9M7 4.5L3.5 8 7 11.5',
  right: 'M3.5 8h9M9 4.5L12.5 8 9 11.5',
  warning: 'M8 2.5l5.8 10.5H2.2zM8 6.3v3.2M8 11.3v.2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg aria-hidden="true" width="18" height="18" viewBox="0 0 18 18" fill="currentColor">
      <ellipse cx="9" cy="14.6" rx="7.4" ry="2.6" />
      <ellipse cx="8.6" cy="9.4" rx="5.2" ry="2.2" />
      <ellipse cx="9.3" cy="5" rx="3.2" ry="1.7" />
    </svg>
  );
}
