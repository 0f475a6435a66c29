import { describe, expect, it } from 'vitest';
import { accessPage } from '../../lib/infra/access-page.ts';
import { ENVIRONMENT_NAMES } from '../../lib/infra/environments.ts';
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

describe('docs/access.md', () => {
  it('says what every role may do now (npm run docs writes it)', async () => {
    const { names, json } = synthesised('prod');
    const page = accessPage('prod', Object.fromEntries(names.map((stack) => [stack, json(stack)])));
    await expect(page).toMatchFileSnapshot('../../docs/access.md');
  });
});
