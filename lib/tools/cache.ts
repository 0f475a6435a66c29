import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** The folder that keeps what was fetched, outside of the source tree: `$LAKEHOUSE_CACHE`, or its place in the user's cache. */
export function cacheFolder(variables: Variables = process.env): string {
  if (variables.LAKEHOUSE_CACHE) return resolve(variables.LAKEHOUSE_CACHE);
  return join(variables.XDG_CACHE_HOME || join(homedir(), '.cache'), 'commerce-lakehouse');
}
