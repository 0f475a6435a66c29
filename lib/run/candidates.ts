import { storedColumns } from '../plan/ddl.ts';
import { sqlType } from '../plan/index.ts';
import { arrivedOn } from './intake.ts';
import { quote } from './ledger.ts';
import { columnList, relationOf } from './relation.ts';
import type { LoadedTable } from './staging-tables.ts';
import { loadedTables, type RunState } from './state.ts';

/** What a base table would be with this load: for checks that may keep it out. */
export function candidateOf({ loadings, work, made }: RunState, table: LoadedTable): string {
  const settled = loadings.get(table.name)?.settled;
  const columns = `${columnList(table)}, _raw_file, _record, _known_from`;
  const kept = work.rebuild.has(table.name) || !made.has(table.name) ? null : relationOf(table.name);
  const sameKey = table.grain.map((column) => `w."${column}" = b."${column}"`).join(' and ');
  const notBeaten = settled?.beaten ? ` anti join ${settled.beaten} as w on ${sameKey}` : '';
  const parts = [
    kept ? `select ${columns} from ${kept} as b${notBeaten}` : null,
    settled ? `select ${columns} from ${settled.incoming} as i` : null,
  ];
  const present = parts.filter((part) => part !== null);
  const nulls = storedColumns(table).map(({ name, type }) => `cast(null as ${sqlType(type, 'duckdb')}) as "${name}"`);
  const empty = `select ${nulls.join(', ')} where false`;
  return `(${present.join(' union all ') || empty})`;
}

/** The file ledger as it would be: `arrived_on` of every loaded file. */
export function filesAfter(state: RunState): string {
  const kept = loadedTables(state).filter((table) => !state.held.has(table.name));
  const again = kept.filter((table) => state.work.rebuild.has(table.name)).map((table) => quote(table.making.source));
  const rows = kept.flatMap((table) =>
    (state.loadings.get(table.name)?.staged ?? []).map(
      ({ file }) => `select ${quote(file.dataset)}, 'loaded', date ${quote(arrivedOn(file))}`,
    ),
  );
  const stored = `select dataset, status, arrived_on from ops.file${again.length > 0 ? ` where dataset not in (${again.join(', ')})` : ''}`;
  return `(${[stored, ...rows].join(' union all ')})`;
}
