import type { ParityEngineName } from './engine.ts';

/** What each engine stands for in production. */
export const STANDS_FOR: Readonly<Record<ParityEngineName, string>> = {
  duckdb: 'the laptop and the daily validation; the others are held to it',
  spark: 'AWS Glue 5.1, which runs these versions',
  trino: 'Athena engine version 3',
  postgres: 'Amazon Redshift',
};

/** What the stand-ins cannot show, in sentences. */
export const LIMITS = {
  postgres: [
    '`create external schema … from data catalog`, `create role` and grants to roles: Redshift and the Glue catalog only.',
    '`sortkey`, distribution, encoding, and how fast anything is.',
    'Leader-node-only functions, and statements that Redshift plans but refuses at run time (correlated subqueries of some shapes).',
    'The length of `varchar(n)` in bytes: PostgreSQL counts characters. Ours are `varchar(65535)`.',
    'The scale of products and quotients of decimals near 38 digits: PostgreSQL keeps all digits, Redshift cuts.',
    'Types of the Data API and of unloaded files.',
  ],
  trino: [
    'Athena engine 3 follows Trino continuously and adds to it; 406 is a release of January 2023, near where engine 3 began, so what Trino changed or mended since is not shown.',
    "Tables are registered from Iceberg files with a catalog in files; Athena's is the Glue catalog.",
    'Athena’s DDL (Hive style), its limits, workgroups and costs.',
    'The tables were written by Spark with Iceberg 1.10.0, as Glue writes them, and read by Trino 406’s Iceberg 1.1.0.',
  ],
} as const;
