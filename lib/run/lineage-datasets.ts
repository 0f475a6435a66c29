import { join, resolve } from 'node:path';
import { typeName } from '../contract/index.ts';
import type { Plan, TablePlan } from '../plan/index.ts';
import { facet, type LineageDataset } from './open-lineage.ts';
import type { CheckResult, RunResult, TableResult } from './result.ts';

/** Which columns each column of a select is made of, as `layer.table.column`; null where nobody can tell. */
export type ColumnsOf = (
  table: TablePlan,
) => readonly { readonly column: string; readonly columns: readonly string[] }[] | null;

/** Where a run read and wrote, and what can be said of it. */
export interface LineageContext {
  readonly plan: Plan;
  readonly raw: string;
  readonly lake: string;
  readonly columnsOf: ColumnsOf;
}

/** A table of the lake. */
export const tableDataset = ({ lake }: LineageContext, name: string): LineageDataset => ({
  namespace: `file://${resolve(lake)}`,
  name,
});

const rawDataset = ({ raw }: LineageContext, name: string): LineageDataset => ({
  namespace: 'file',
  name: resolve(join(raw, name)),
});

/** What a table was made of: its raw folder with what was read of it, or the tables that its select reads. */
export function inputsOf(context: LineageContext, table: TablePlan, { files }: RunResult): LineageDataset[] {
  if (table.making.kind === 'select') return table.reads.map((name) => tableDataset(context, name));
  const { source } = table.making;
  const loaded = files.filter(({ dataset, status }) => dataset === source && status === 'loaded');
  const statistics = { rowCount: loaded.reduce((sum, { rows }) => sum + rows, 0), fileCount: loaded.length };
  const inputFacets = { inputStatistics: facet('InputStatisticsInputDatasetFacet', statistics) };
  return [{ ...rawDataset(context, source), inputFacets }];
}

/** A table as a run left it: columns, where they come from, rows. */
export function outputOf(context: LineageContext, table: TablePlan, { rows }: TableResult): LineageDataset {
  const fields = table.columns.map(({ name, type, description }) => ({ name, type: typeName(type), description }));
  const lineage = columnLineage(context, table);
  return {
    ...tableDataset(context, table.name),
    facets: {
      schema: facet('SchemaDatasetFacet', { fields }),
      documentation: facet('DocumentationDatasetFacet', { description: table.description }),
      ownership: facet('OwnershipDatasetFacet', { owners: [{ name: `team:${table.owner}`, type: 'OWNER' }] }),
      ...(lineage ? { columnLineage: facet('ColumnLineageDatasetFacet', { fields: lineage }) } : {}),
    },
    outputFacets: { outputStatistics: facet('OutputStatisticsOutputDatasetFacet', { rowCount: rows }) },
  };
}

const DIRECT = [{ type: 'DIRECT' }];

function columnLineage(context: LineageContext, table: TablePlan): object | null {
  if (table.making.kind === 'load') {
    const { namespace, name } = rawDataset(context, table.making.source);
    const fieldOf = (field: string) => ({ inputFields: [{ namespace, name, field, transformations: DIRECT }] });
    return Object.fromEntries(table.columns.map((column) => [column.name, fieldOf(column.path)]));
  }
  const known = context.columnsOf(table);
  if (known === null) return null;
  const inputField = (column: string) => {
    const dot = column.lastIndexOf('.');
    const dataset = tableDataset(context, column.slice(0, dot));
    return { ...dataset, field: column.slice(dot + 1), transformations: DIRECT };
  };
  return Object.fromEntries(known.map(({ column, columns }) => [column, { inputFields: columns.map(inputField) }]));
}

/** A table as its checks found it. Skipped checks said nothing. */
export function judgedDataset(
  context: LineageContext,
  table: TablePlan,
  checks: readonly CheckResult[],
): LineageDataset {
  const assertions = checks
    .filter(({ verdict }) => verdict !== 'skipped')
    .map(({ check, severity, verdict, failed, total }) => {
      const plan = table.checks.find(({ name }) => name === check);
      const statement = plan?.statement;
      return {
        assertion: statement?.kind ?? check,
        success: verdict === 'pass',
        severity: severity === 'warn' ? 'warn' : 'error',
        name: check,
        description: plan?.says ?? check,
        actual: `${failed} of ${total}`,
        ...(statement && 'column' in statement && statement.column !== null ? { column: statement.column } : {}),
      };
    });
  const dataQualityAssertions = facet('DataQualityAssertionsDatasetFacet', { assertions });
  return { ...tableDataset(context, table.name), inputFacets: { dataQualityAssertions } };
}
