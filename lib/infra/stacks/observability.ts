import { type App, CfnOutput } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { analystsWorkgroupName, machineName, workgroupName } from '../../aws/index.ts';
import { FailureAlarm } from '../constructs/failure-alarm.ts';
import { LakeFunction } from '../constructs/lake-function.ts';
import { LambdaAlarms } from '../constructs/lambda-alarms.ts';
import { MonthlyBudget } from '../constructs/monthly-budget.ts';
import { RawDelivery } from '../constructs/raw-delivery.ts';
import { lakeDashboard } from '../dashboard/lake-dashboard.ts';
import { dashboardBody } from '../dashboard/widgets.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';

/**
 * What looks over all other stacks: alarms on every Lambda, the budget, the dashboard. Made last. It knows the others by
 * their names alone, so that none has to export anything and each can be changed without it.
 */
export class ObservabilityStack extends LakeStack {
  constructor(app: App, deployment: Deployment, { topic }: AlertsStack) {
    super(app, 'Observability', deployment, 'Alarms over all Lambdas, the budget, the dashboard.');
    const { environment, plan } = deployment;
    const { prefix } = environment;
    const all = app.node.findAll();
    const lambdas = new Map(
      all.filter((each) => each instanceof LakeFunction).map(({ lambda, knownName }) => [lambda, knownName]),
    );
    new LambdaAlarms(this, 'Lambdas', [...lambdas.values()], topic);
    new MonthlyBudget(this, 'Budget', topic);
    const here = (service: string, resource: string) =>
      `arn:${this.partition}:${service}:${this.region}:${this.account}:${resource}`;
    const alarms = [...all, ...this.node.findAll()].filter((each) => each instanceof FailureAlarm);
    const rows = lakeDashboard(plan, {
      environment: environment.name,
      machineArn: here('states', `stateMachine:${machineName(prefix)}`),
      workgroups: { services: workgroupName(prefix), analysts: analystsWorkgroupName(prefix) },
      warehouse: prefix,
      deliveries: all.filter((each) => each instanceof RawDelivery).map(({ knownName }) => knownName),
      lambdas,
      alarmArns: alarms.map(({ knownName }) => here('cloudwatch', `alarm:${knownName}`)),
      runbookUrl: environment.alerts.runbookUrl,
    });
    new CfnDashboard(this, 'Dashboard', {
      dashboardName: prefix,
      dashboardBody: JSON.stringify(dashboardBody(rows, this.region)),
    });
    new CfnOutput(this, 'DashboardName', { value: prefix, description: 'the CloudWatch dashboard' });
  }
}
