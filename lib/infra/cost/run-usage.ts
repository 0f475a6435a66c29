import type { LambdaName } from '../../aws/index.ts';

/** What one run works on. */
export interface Volume {
  /** Gigabytes of raw files that came since the run before. */
  readonly gigabytes: number;
}

/**
 * What one run uses, as far as no template says it. Assumptions, not measurements: an environment that has run knows
 * better, by its Glue job's DPU hours and its checks' `BytesScanned`.
 */
export const RUN = {
  /** The Glue job: a minute to start and see that nothing is new, then so much raw per DPU and minute. */
  glueStartMinutes: 3,
  gigabytesPerDpuMinute: 0.25,
  /** A crawl lasts ten minutes at least, on two DPUs. */
  crawl: { minutes: 10, dpus: 2 },
  /** Each optimizer of a table looks once, a minute on one DPU: the least that Glue bills. */
  optimizerMinutes: 1,
  /** Of raw, what stays as Parquet in base, mart and feature; and how often checks and questions of a day read it. */
  parquetShare: 0.3,
  daysRead: 30,
  /** The least that Athena bills for a query, and how many queries a day's checks and exports are. */
  queryMegabytes: 10,
  queries: 60,
  /** Objects written and keys asked, beside those that grow with the data. */
  objects: 500,
  objectsPerGigabyte: 50,
  keyRequests: 2000,
  logMegabytes: 5,
  transitions: 150,
  messages: 10,
  rowsPerRequest: 500,
  /** The warehouse: what a load takes however little there is, and what a gigabyte adds. */
  warehouseMinutes: 3,
  warehouseMinutesPerGigabyte: 1,
  /** Each job of a training: what it is billed for, starting and loading included. */
  trainingJobMinutes: 5,
  /** How many of a year's runs start a training, by how often it is trained. */
  trainedShare: { weekly: 1 / 7, monthly: 12 / 365 },
} as const;

/** How often a run calls a Lambda, and how long a call takes. */
export interface Calls {
  readonly calls: number;
  readonly seconds: number;
  readonly secondsPerGigabyte: number;
}

const calls = (count: number, seconds: number, secondsPerGigabyte = 0): Calls => ({
  calls: count,
  seconds,
  secondsPerGigabyte,
});

/** A Lambda that a run calls once, for a moment; most do. */
export const ONE_CALL = calls(1, 2);

/** Lambdas that are called otherwise: some are not of the run at all. */
export const CALLS: Readonly<Partial<Record<LambdaName, Calls>>> = {
  'sense-sources': calls(4, 2),
  'validate-daily': calls(1, 5, 12),
  'run-checks': calls(8, 10),
  'load-warehouse': calls(8, 10),
  'publish-features': calls(4, 30),
  'export-answers': calls(4, 10),
  'receive-records': calls(0, 0),
  'redshift-usage-limit': calls(0, 0),
};
