const DAMAGED =
  /corrupt database file|not a valid duckdb database|could not read enough bytes from file "[^"]*lake\.duckdb"/i;

const NEXT =
  'the file of the lake is damaged: put a backup in its place, or make a new lake from the raw files with lakehouse run --lake NEW';

/** Words of the engine; where they tell of a lake whose file was cut or written over, with what to do about it. */
export const withWayOut = (message: string): string =>
  DAMAGED.test(message) && !message.includes(NEXT) ? `${message}; ${NEXT}` : message;
