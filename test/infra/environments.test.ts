import { describe, expect, it } from 'vitest';
import { CronError, judgeCron } from '../../lib/infra/cron.ts';
import {
  ENVIRONMENT_NAMES,
  EnvironmentError,
  environmentNamed,
  parseEnvironment,
} from '../../lib/infra/environments.ts';
import { builtPlan } from './synthesised.ts';

const prod = environmentNamed('prod');

function faultsOf(change: object): readonly string[] {
  try {
    parseEnvironment({ ...prod, ...change });
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
}

describe('an environment', () => {
  it.each(ENVIRONMENT_NAMES)('%s can be deployed as it stands', (name) => {
    expect(environmentNamed(name).name).toBe(name);
  });

  it.each([
    ['staging', 'unknown environment "staging"\nname one of dev, uat, prod: npx cdk synth -c env=dev'],
    [undefined, 'no environment was named\nname one of dev, uat, prod: npx cdk synth -c env=dev'],
    ['__proto__', 'unknown environment "__proto__"\nname one of dev, uat, prod: npx cdk synth -c env=dev'],
  ])('named %s is refused with the names that are known', (name, message) => {
    expect(() => environmentNamed(name)).toThrow(message);
  });

  it.each([
    [{ account: '1234' }, 'account: found "1234", expected an account, 12 digits'],
    [{ region: 'Ireland' }, 'region: found "Ireland", expected a region such as eu-west-1'],
    [{ athena: { scanLimitBytes: 0 } }, 'athena.scanLimitBytes: found 0, expected 10000000 bytes or more'],
    [
      { alerts: { ...prod.alerts, slackSecret: null } },
      expect.stringMatching(
        /^alerts: found .*, expected slackSecret and pagerDutySecret in prod: somebody must hear of a failure$/,
      ),
    ],
    [
      { alerts: { ...prod.alerts, slackSecret: 'https://hooks.slack.com/services/T0/B0/x' } },
      'alerts.slackSecret: found "https://hooks.slack.com/services/T0/B0/x", expected the name of a secret in Secrets Manager, never its value',
    ],
    [
      { schedules: { ...prod.schedules, monthlyReport: 'cron(0 2 30 2 ? *)' } },
      'schedules.monthlyReport: found "cron(0 2 30 2 ? *)", expected a schedule that fires: "cron(0 2 30 2 ? *)" never fires: none of its months has such a day',
    ],
    [
      { schedules: { ...prod.schedules, run: 'cron(0 2 ? * MON-FRI *)' } },
      'schedules.run: found "cron(0 2 ? * MON-FRI *)", expected a schedule of every day: cron(minute hour * * ? *)',
    ],
    [
      { deletion: { policy: 'delete', reason: 'because it is cheaper so' } },
      'deletion: found {"policy":"delete","reason":"because it is cheaper so"}, expected retain in prod',
    ],
    [
      { deletion: { policy: 'delete', reason: 'tidy' } },
      'deletion.reason: found "tidy", expected a reason, 20 characters or more',
    ],
    [
      { availabilityZones: ['eu-west-1a', 'eu-west-1a', 'eu-west-1b'] },
      'availabilityZones: found ["eu-west-1a","eu-west-1a","eu-west-1b"], expected three different zones of the region',
    ],
    [
      { redshift: { ...prod.redshift, maxCapacity: 4 } },
      expect.stringContaining('expected maxCapacity of at least baseCapacity'),
    ],
    [
      {
        quickSight: { ...prod.quickSight, principals: prod.quickSight.principals.filter(({ may }) => may === 'view') },
      },
      expect.stringContaining('expected a principal who owns, since the QuickSight switch is on'),
    ],
    [
      { quickSight: { ...prod.quickSight, warehouseSecretArn: 'hunter2' } },
      'quickSight.warehouseSecretArn: found "hunter2", expected the ARN of a secret in Secrets Manager, with the six characters that it ends with',
    ],
    [
      { loaders: prod.loaders.map((each) => ({ ...each, name: 'payments-platform' })) },
      expect.stringMatching(/^loaders: .*expected names that differ, from those of sources too$/),
    ],
    [
      { sftpUsers: [1, 2].map(() => ({ name: 'partner', publicKey: 'ssh-ed25519 AAAA', datasets: ['orders'] })) },
      expect.stringMatching(/^sftpUsers: .*expected names that differ$/),
    ],
    [
      { api: { ...prod.api, datasets: ['refund', 'refund'] } },
      expect.stringMatching(/^api: .*expected datasets that differ$/),
    ],
    [
      { streams: ['site_event', 'site_event'] },
      'streams: found ["site_event","site_event"], expected datasets that differ',
    ],
    [{ replicaRegion: 'eu-west-1' }, expect.stringContaining('expected another region')],
    [
      { retention: { ...prod.retention, rawLockDays: 31 } },
      'retention.rawLockDays: found 31, expected 30 days or less',
    ],
    [{ retention: { ...prod.retention, logDays: 33 } }, expect.stringContaining('retention.logDays: found 33')],
  ])('with %j is refused, naming field, found and expected', (change, fault) => {
    expect(faultsOf(change)).toEqual([fault]);
  });

  it('names every fault at once, those between fields included', () => {
    const faults = faultsOf({
      account: '',
      athena: { scanLimitBytes: 0 },
      alerts: { ...prod.alerts, slackSecret: null, pagerDutySecret: null },
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['account', 'athena.scanLimitBytes', 'alerts']);
  });

  it('names the datasets that no contract declares in the same round', () => {
    const change = { account: '', streams: ['clicks'], api: { ...prod.api, datasets: ['purchases'] } };
    const attempt = () => parseEnvironment({ ...prod, ...change }, builtPlan());
    expect(attempt).toThrow(/account: found .*\n +api[.]datasets: found "purchases".*\n +streams: found "clicks"/);
    // What is no list of datasets is told as that alone.
    expect(() => parseEnvironment({ ...prod, streams: 'clicks', api: null }, builtPlan())).toThrow(/2 faults/);
  });

  it('refuses a field that it does not know', () => {
    expect(faultsOf({ regoin: 'eu-west-1' })).toEqual([expect.stringContaining('regoin')]);
  });
});

describe('a schedule', () => {
  it.each([
    'cron(0 4 * * ? *)',
    'cron(0/15 * * * ? *)',
    'cron(0 6 1 * ? *)',
    'cron(30 0 ? * MON-FRI *)',
    'cron(0 0 29 2 ? *)',
    'cron(0 0 31 2,3 ? *)',
  ])('%s fires', (expression) => {
    expect(() => judgeCron(expression)).not.toThrow();
  });

  it.each([
    ['cron(0 0 31 2 ? *)', 'never fires'],
    ['cron(0 0 31 4,6,9,11 ? *)', 'never fires'],
    ['cron(60 0 * * ? *)', 'names "60" as minute, expected 0 to 59'],
    ['cron(0 0 * * * *)', 'exactly one ?'],
    ['cron(0 0 ? * ? *)', 'exactly one ?'],
    ['cron(0 0 * * ? 2020)', 'ends with year "2020"'],
    ['cron(5-1 0 * * ? *)', 'has "5-1" as minute'],
    ['cron(0/0 0 * * ? *)', 'has "0/0" as minute'],
    ['cron(0 0 * * ?)', 'is no schedule'],
    ['every day', 'is no schedule'],
  ])('%s is refused: %s', (expression, problem) => {
    expect(() => judgeCron(expression)).toThrow(CronError);
    expect(() => judgeCron(expression)).toThrow(problem);
  });
});
