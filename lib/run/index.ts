/** Runs a plan on this machine: discover, load, build, check, publish. */
export * from './lake.ts';
export * from './lake-errors.ts';
export { queryLake } from './query.ts';
export * from './result.ts';
export * from './run.ts';
export type { RunRequest } from './state.ts';
export * from './stream.ts';
export * from './validate.ts';
