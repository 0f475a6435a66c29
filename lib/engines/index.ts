/** What runs SQL, behind one small interface. */
export * from './duckdb.ts';
export * from './engine.ts';
