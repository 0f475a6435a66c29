import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';

/** When the budget tells: of what was spent, and of what the month will come to. */
const TOLD = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
  { notificationType: 'ACTUAL', threshold: 100 },
] as const;

/** What the account may cost in a month. It watches the whole account: a filter by tag sees nothing until somebody activates the tag. */
export class MonthlyBudget extends CfnBudget {
  constructor(scope: Construct, id: string, topic: ITopic) {
    const { prefix, budget } = deploymentOf(scope).environment;
    super(scope, id, {
      budget: {
        budgetName: prefix,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: budget.monthlyDollars, unit: 'USD' },
      },
      notificationsWithSubscribers: TOLD.map((told) => ({
        notification: { ...told, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
        subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
      })),
    });
  }
}
