import { describe, expect, it } from 'vitest';
import { databaseName } from '../../lib/aws/index.ts';
import { ENVIRONMENT_NAMES, environmentNamed } from '../../lib/infra/environments.ts';
import { builtPlan, synthesised } from './synthesised.ts';

describe.each(ENVIRONMENT_NAMES)('rulesets of %s', (name) => {
  const rulesets = Object.values(synthesised(name).template('Quality').findResources('AWS::Glue::DataQualityRuleset'));
  const { prefix } = environmentNamed(name);

  it('are one per table, bound to it', () => {
    const bound = rulesets.map(({ Properties }) => Properties.TargetTable);
    expect(bound).toEqual(
      builtPlan().tables.map((table) => ({
        DatabaseName: databaseName(prefix, table.layer),
        TableName: table.name.slice(table.layer.length + 1),
      })),
    );
  });

  it('state the key of a base table and a bound of its amounts', () => {
    const purchase = rulesets.find(({ Properties }) => Properties.Name === `${prefix}-base-purchase`);
    expect(purchase?.Properties.Ruleset).toMatch(
      /^Rules = \[[\s\S]*IsPrimaryKey "id"[\s\S]*ColumnValues "amount" >= 0/,
    );
  });

  it('are far from what Glue takes', () => {
    for (const { Properties } of rulesets) expect(Properties.Ruleset.length).toBeLessThan(30_000);
  });
});
