/** The engines that a model is rendered for. Athena reads Trino's spelling, which is the author's. */
export const ENGINES = ['duckdb', 'spark', 'athena', 'redshift'] as const;

/** One of `ENGINES`. */
export type Engine = (typeof ENGINES)[number];
