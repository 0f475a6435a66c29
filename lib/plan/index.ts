/** Contracts and SQL compiled to a plan, and what can be read off it. */
export * from './change.ts';
export * from './compile.ts';
export * from './contract-error.ts';
export * from './lineage.ts';
export type { SqlFiles } from './model.ts';
export * from './plan.ts';
export { bind } from './sql/index.ts';
export { quoted, sqlType } from './types.ts';
