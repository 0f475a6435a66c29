import { CfnTagAssociation } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { Pii } from '../../contract/index.ts';
import type { TablePlan } from '../../plan/index.ts';
import { storedColumns } from '../../plan/index.ts';
import type { CreatedTable } from '../created-tables.ts';
import { deploymentOf } from '../lake-stack.ts';

interface ColumnTagsProps {
  readonly tag: string;
  readonly database: string;
  readonly table: TablePlan;
  /** The columns that the table surely has. */
  readonly created: CreatedTable;
  /** The class that columns without a tag of their own inherit from their database. */
  readonly inherited: Pii;
}

/** Tags the columns of a table with their PII class. A column that nobody classified inherits the gravest class, and stays unseen. */
export class ColumnTags extends Construct {
  constructor(scope: Construct, id: string, { tag, database, table, created, inherited }: ColumnTagsProps) {
    super(scope, id);
    const { account } = deploymentOf(this).environment;
    const classes = new Map<string, Pii>(table.columns.map(({ name, pii }) => [name, pii]));
    const known = storedColumns(table).filter(({ name }) => created.columns[name] !== undefined);
    const classOf = (name: string): Pii => classes.get(name) ?? 'none';
    const used = [...new Set(known.map(({ name }) => classOf(name)))].filter((each) => each !== inherited).sort();
    for (const value of used)
      new CfnTagAssociation(this, value, {
        lfTags: [{ catalogId: account, tagKey: tag, tagValues: [value] }],
        resource: {
          tableWithColumns: {
            catalogId: account,
            databaseName: database,
            name: table.name.slice(table.layer.length + 1),
            columnNames: known.filter(({ name }) => classOf(name) === value).map(({ name }) => name),
          },
        },
      });
  }
}
