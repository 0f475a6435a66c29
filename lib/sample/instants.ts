const OFFSET_MILLIS = 2 * 3_600_000;

function withOffset(instant: string): string {
  const local = new Date(Date.parse(`${instant.replace(' ', 'T')}Z`) + OFFSET_MILLIS).toISOString();
  return `${local.slice(0, 19)}${instant.slice(19)}+02:00`;
}

const WRITERS: Readonly<Record<'space' | 'zulu' | 'offset', (instant: string) => string>> = {
  space: (instant) => instant,
  zulu: (instant) => `${instant.slice(0, 10)}T${instant.slice(11)}Z`,
  offset: withOffset,
};

/** Ways to write one moment; `YYYY-MM-DD HH:MM:SS[.fff]` comes in. */
export const writtenInstant = (form: 'space' | 'zulu' | 'offset'): ((instant: string) => string) => WRITERS[form];
