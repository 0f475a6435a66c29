import type { Claims, TablePlan } from './plan.ts';
import { quoted } from './types.ts';

type Dialect = 'duckdb' | 'spark';
type Claimed = Pick<TablePlan, 'columns' | 'grain' | 'write'>;

/** A record of a file whose name says that it is only a default: any other record of the key beats it. */
const isDefault = (dialect: Dialect): string =>
  dialect === 'duckdb' ? "regexp_matches(_raw_file, '(^|/)default-[^/]*$')" : "_raw_file rlike '(^|/)default-[^/]*$'";

/**
 * The order in which records claim a key: no default, then the later version, which decide; then the smallest content,
 * columns in contract order, null last.
 */
function claimOrder({ columns, write }: Claimed, dialect: Dialect): { version: string; content: string } {
  const version = 'version' in write ? write.version : null;
  return {
    version: [isDefault(dialect), ...(version === null ? [] : [`${quoted(version, dialect)} desc nulls last`])].join(
      ', ',
    ),
    content: columns.map((column) => `${quoted(column.name, dialect)} asc nulls last`).join(', '),
  };
}

/** Place 1 stands; standing 1 has the content of the one that stands; a stored row stands before its equals. */
function rank(table: Claimed, dialect: Dialect): string {
  const key = table.grain.map((column) => quoted(column, dialect)).join(', ');
  const { version, content } = claimOrder(table, dialect);
  const standing = `${version}, ${content}`;
  return `select *, row_number() over (partition by ${key} order by ${standing}, _stored desc, _known_from, _raw_file, _record) as _place,
  rank() over (partition by ${key} order by ${standing}) as _standing,
  rank() over (partition by ${key} order by ${version}) as _version
from {{claims}} as a`;
}

function keyTexts(table: Claimed, dialect: Dialect): string {
  const texts = table.grain
    .map((column) => `cast(${quoted(column, dialect)} as ${dialect === 'duckdb' ? 'varchar' : 'string'})`)
    .join(', ');
  return dialect === 'duckdb' ? `[${texts}]` : `array(${texts})`;
}

function claimsIn(table: Claimed, dialect: Dialect): Claims {
  const key = keyTexts(table, dialect);
  return {
    rank: rank(table, dialect),
    tally: `select count(case when not _stored then 1 end) as claims,
  count(case when not _stored and _place = 1 then 1 end) as won,
  count(case when not _stored and _place > 1 and _standing = 1 then 1 end) as duplicate,
  count(case when not _stored and _standing > 1 then 1 end) as superseded,
  count(case when _stored and _place > 1 then 1 end) as replaced
from {{ranked}}`,
    discarded:
      "select _raw_file, _record, case when _standing = 1 then 'duplicate' else 'superseded' end as fate from {{ranked}} where not _stored and _place > 1",
    undecided: `select ${key} as key, _raw_file as file, _record as record from {{ranked}} where _standing > 1 and _version = 1`,
    decided: `select ${key} as key from {{ranked}} where _stored and _version > 1`,
  };
}

/** How the records of a table settle who stands for a key; null where rows have no key. */
export const compileClaims = (table: Claimed): Readonly<Record<Dialect, Claims>> | null =>
  table.grain.length === 0 ? null : { duckdb: claimsIn(table, 'duckdb'), spark: claimsIn(table, 'spark') };
