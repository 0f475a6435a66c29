/**
 * Where the results of validations and checks stand in the results bucket, one file per day: run again, it is rewritten.
 * What the Glue job finds of a day that it validates stands apart until `validate-daily` tells of it.
 */
export const resultKey = (what: 'validation' | 'job-validation' | 'checks', date: string): string =>
  `${what}/dt=${date}/result.json`;

/** The folder of one export and day in the archive; `latest.json` in it names the files of the newest whole export. */
export const exportFolder = (exposure: string, date: string): string => `exports/${exposure}/dt=${date}/`;

/** Says, in an export's folder, which files belong together. */
export const LATEST_EXPORT = 'latest.json';
