/**
 * A plan, and what can be read off it. Making one is `compile.ts`, imported by itself: it brings a SQL compiler of
 * 23 MB and takes a second, which a run with a plan at hand should not pay.
 */
export * from './change.ts';
export { measuresOf } from './charts.ts';
export * from './contract-error.ts';
export { dashboardsOf, type ShownData, shownData } from './dashboards.ts';
export { storedColumns } from './ddl.ts';
export * from './lineage.ts';
export type { SqlFiles } from './model.ts';
export * from './plan.ts';
export { bind, fillMarkers, tablesIn } from './sql/bind.ts';
export { quoted, sqlType } from './types.ts';
