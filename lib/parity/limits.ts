import { jarVersion } from '../tools/index.ts';
import type { ParityEngineName } from './engine.ts';

/** What each engine stands for in production. */
export const STANDS_FOR: Readonly<Record<ParityEngineName, string>> = {
  duckdb: 'the laptop and the daily validation; the others are held to it',
  spark: 'AWS Glue 5.1, which runs these versions',
  trino: 'Athena engine version 3',
  postgres: 'Amazon Redshift',
};

/** The version of Iceberg that Spark writes with. */
export const ICEBERG_OF_SPARK = jarVersion('iceberg-spark', 'org.apache.iceberg:iceberg-spark-runtime-3.5_2.12');

/** What the stand-ins cannot show, in sentences. */
export const LIMITS = {
  postgres: [
    '`create external schema … from data catalog`: Redshift and the Glue catalog only.',
    '`sortkey`, distribution, encoding, and how fast anything is.',
    'Leader-node-only functions, and statements that Redshift plans but refuses at run time (correlated subqueries of some shapes).',
    'The length of `varchar(n)` in bytes: PostgreSQL counts characters. Ours are `varchar(65535)`.',
    'Spaces at the end of a text: Redshift compares without them, PostgreSQL with them. Loads refuse keys with spaces around them; other columns may have them.',
    'The scale of products and quotients of decimals near 38 digits: PostgreSQL keeps all digits, Redshift cuts.',
    'A common scale of the parts of `coalesce`, `case` and `union all`: PostgreSQL leaves each its own.',
    'Doubles beyond fifteen digits that become decimals: PostgreSQL keeps fifteen.',
    'Types of the Data API and of unloaded files.',
  ],
  trino: [
    'Athena engine 3 began near Trino 406 (January 2023), follows Trino continuously and adds to it: what changed since the version that runs here is not shown.',
    "Tables are registered from Iceberg files with a catalog in files; Athena's is the Glue catalog.",
    'Athena’s DDL (Hive style), its limits, workgroups and costs.',
    `The tables were written by Spark with Iceberg ${ICEBERG_OF_SPARK}, as Glue writes them, and read by Trino’s Iceberg ${jarVersion('trino', 'org.apache.iceberg:iceberg-core')}.`,
  ],
} as const;
