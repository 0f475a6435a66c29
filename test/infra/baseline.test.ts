import { describe, expect, it } from 'vitest';
import { accessPage } from '../../lib/infra/access-page.ts';
import { awsPage } from '../../lib/infra/aws-page.ts';
import { costPage } from '../../lib/infra/cost/cost-page.ts';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../lib/infra/environments.ts';
import type { Templates } from '../../lib/infra/rights.ts';
import { summary } from './summary.ts';
import { synthesised } from './synthesised.ts';

// Changed on purpose? npx vitest run test/infra/baseline.test.ts -u, and read the diff.
describe.each(ENVIRONMENT_NAMES)('the baseline of %s', (name) => {
  const { names, json } = synthesised(name);

  it.each(names)('%s has the resources that it had', async (stack) => {
    await expect(summary(json(stack))).toMatchFileSnapshot(`baseline/${name}/${stack}.txt`);
  });

  it.each(names)('%s is far from what CloudFormation takes: 500 resources, 1 MB', (stack) => {
    expect(Object.keys(json(stack).Resources).length).toBeLessThan(350);
    expect(JSON.stringify(json(stack)).length).toBeLessThan(700_000);
  });
});

const templatesOf = (environment: EnvironmentName): Templates => {
  const { names, json } = synthesised(environment);
  return Object.fromEntries(names.map((stack) => [stack, json(stack)]));
};

// npm run docs writes these pages.
describe('docs', () => {
  it('access.md says what every role may do now', async () => {
    await expect(accessPage('prod', templatesOf('prod'))).toMatchFileSnapshot('../../docs/access.md');
  });

  it('aws.md draws what goes where now', async () => {
    await expect(awsPage('prod', templatesOf('prod'))).toMatchFileSnapshot('../../docs/aws.md');
  });

  it('cost.md says what every environment costs now', async () => {
    const all = new Map(ENVIRONMENT_NAMES.map((name) => [name, templatesOf(name)]));
    await expect(costPage(all)).toMatchFileSnapshot('../../docs/cost.md');
  });
});
