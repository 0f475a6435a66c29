/** The vocabulary of contracts: what a dataset promises, as plain data. */
export * from './check.ts';
export * from './column.ts';
export * from './dashboard.ts';
export * from './dataset.ts';
export * from './feature.ts';
export * from './grammar.ts';
export * from './model.ts';
export * from './question.ts';
export * from './records.ts';
