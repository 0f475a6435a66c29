/** What the results of a plan's checks mean: verdicts, rows at fault, and what a fault reaches. */
export * from './blast-radius.ts';
export * from './finding.ts';
export * from './mask.ts';
export * from './verdict.ts';
