/** Where raw files stand in the raw bucket, whoever writes them: `raw/<dataset>/dt=YYYY-MM-DD/` (the day they arrived). */
export const RAW_ROOT = 'raw/';

/** The folder of one dataset's files. */
export const rawDataset = (dataset: string): string => `${RAW_ROOT}${dataset}/`;

/** The folder of the files of one dataset that arrived on one day. */
export const rawDay = (dataset: string, date: string): string => `${rawDataset(dataset)}dt=${date}/`;

const KEY = /^raw\/([^/]+)\/dt=([0-9]{4}-[0-9]{2}-[0-9]{2})\/(?:[^/]+\/)*([^/]+)$/;

/** What a key of the raw bucket says; null for one outside of the layout, a folder marker, or a file that a run leaves alone. */
export function parseRawKey(
  key: string,
): { readonly dataset: string; readonly date: string; readonly path: string } | null {
  const [, dataset, date, file] = KEY.exec(key) ?? [];
  if (dataset === undefined || date === undefined || file === undefined) return null;
  const hidden = key
    .slice(RAW_ROOT.length)
    .split('/')
    .some((part) => part.startsWith('.') || part.startsWith('_'));
  return hidden || file.endsWith('.tmp') ? null : { dataset, date, path: key.slice(RAW_ROOT.length) };
}
