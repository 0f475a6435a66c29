import { CfnDataQualityRuleset } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { databaseName } from '../../aws/index.ts';
import type { TablePlan } from '../../plan/index.ts';
import { dqdl } from '../../quality/formats/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { constructId } from './construct-id.ts';

/** What a table promises as a ruleset of Glue Data Quality, for who wants to evaluate it there; nothing here starts that by itself. */
export class TableRuleset extends CfnDataQualityRuleset {
  constructor(scope: Construct, table: TablePlan) {
    const { prefix } = deploymentOf(scope).environment;
    const { name, layer, owner } = table;
    super(scope, constructId(`${name}-ruleset`), {
      name: `${prefix}-${name.replaceAll(/[._]/g, '-')}`,
      description: `What ${name} promises. Owner: ${owner}.`,
      ruleset: dqdl(table).text,
      targetTable: { databaseName: databaseName(prefix, layer), tableName: name.slice(layer.length + 1) },
    });
  }
}
