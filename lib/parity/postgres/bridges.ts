/** What Redshift has and PostgreSQL lacks, and how it is made up for: what a bridge stands for is not proven. */
export interface Bridge {
  readonly name: string;
  /** What PostgreSQL lacks, and what it gets instead. */
  readonly says: string;
  /** Names of the portable core that run through it. */
  readonly carries: readonly string[];
  /** Statements that teach PostgreSQL, once. */
  readonly teach?: string;
  /** What is written otherwise in a statement. */
  readonly rewrite?: (sql: string) => string;
}

/** Every bridge from Redshift's SQL to PostgreSQL's. */
export const BRIDGES: readonly Bridge[] = [
  {
    name: 'sha2',
    says: "`sha2(text, 256)` is a function defined by PostgreSQL's `sha256` of the UTF-8 bytes, in hexadecimal digits.",
    carries: ['hash_key'],
    teach: `create function sha2(content text, bits integer) returns text immutable strict language sql
      as $$ select encode(sha256(convert_to(content, 'UTF8')), 'hex') $$`,
  },
  {
    name: 'last_value ignore nulls',
    says: '`last_value(x) ignore nulls over (…)` runs as an aggregate that keeps the last value that is not null.',
    carries: ['last_known'],
    teach: `create function keep_known(kept anyelement, next anyelement) returns anyelement immutable language sql
        as $$ select coalesce(next, kept) $$;
      create aggregate last_known(anyelement) (sfunc = keep_known, stype = anyelement)`,
    rewrite: (sql) => sql.replaceAll(/\blast_value(\((?:[^()]|\([^()]*\))*\))\s+ignore nulls/gi, 'last_known$1'),
  },
  {
    name: 'sortkey',
    says: "`sortkey (…)` at the end of a table's definition is left out; it has no meaning for answers.",
    carries: [],
    rewrite: (sql) => sql.replace(/\)\s*sortkey \([^)]*\)\s*$/i, ')'),
  },
  {
    name: 'to role',
    says: "`grant … to role r` is written `grant … to r`: PostgreSQL's roles need no word before them.",
    carries: [],
    rewrite: (sql) => sql.replace(/^(grant\s.*\sto) role (\S+)$/is, '$1 $2'),
  },
];

/** A statement of Redshift as PostgreSQL takes it. */
export const bridged = (sql: string): string => BRIDGES.reduce((text, { rewrite }) => rewrite?.(text) ?? text, sql);
