import { type States, task } from './states.ts';

/** The data sets of the dashboards, in the account's QuickSight. */
export interface Dashboards {
  readonly accountId: string;
  readonly dataSetIds: readonly string[];
}

/** Seconds between two looks at a refresh, and how many data sets are refreshed at a time. */
const LOOK = { seconds: 20, atOnce: 5 } as const;

/** Where the states of the refresh begin. */
export const REFRESH = 'ListDashboards';

/**
 * Refreshes what dashboards show, each data set by itself, and waits until it is done. A refresh is named after the
 * execution, so one that was begun is not begun again.
 */
export function refresh({ accountId, dataSetIds }: Dashboards, next: string): States {
  const which = { AwsAccountId: accountId, 'DataSetId.$': '$.dataSet', 'IngestionId.$': '$.run' };
  const { Catch, ...inside } = task({});
  const begun = 'QuickSight.ResourceExistsException';
  return {
    [REFRESH]: {
      Type: 'Pass',
      Parameters: { dataSets: dataSetIds },
      ResultPath: '$.shown',
      Next: 'RefreshDashboards',
    },
    RefreshDashboards: {
      Type: 'Map',
      ItemsPath: '$.shown.dataSets',
      ItemSelector: { 'dataSet.$': '$$.Map.Item.Value', 'run.$': '$$.Execution.Name' },
      MaxConcurrency: LOOK.atOnce,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Refresh',
        States: {
          Refresh: {
            ...inside,
            Resource: 'arn:aws:states:::aws-sdk:quicksight:createIngestion',
            Parameters: which,
            ResultPath: null,
            Retry: [{ ErrorEquals: [begun], MaxAttempts: 0 }, ...inside.Retry],
            Catch: [{ ErrorEquals: [begun], ResultPath: null, Next: 'AwaitRefresh' }],
            Next: 'AwaitRefresh',
          },
          AwaitRefresh: { Type: 'Wait', Seconds: LOOK.seconds, Next: 'LookAtRefresh' },
          LookAtRefresh: {
            ...inside,
            Resource: 'arn:aws:states:::aws-sdk:quicksight:describeIngestion',
            Parameters: which,
            ResultSelector: { 'status.$': '$.Ingestion.IngestionStatus' },
            ResultPath: '$.ingestion',
            Next: 'IsRefreshed',
          },
          IsRefreshed: {
            Type: 'Choice',
            Choices: [
              { Variable: '$.ingestion.status', StringEquals: 'COMPLETED', Next: 'Refreshed' },
              { Variable: '$.ingestion.status', StringEquals: 'FAILED', Next: 'NotRefreshed' },
              { Variable: '$.ingestion.status', StringEquals: 'CANCELLED', Next: 'NotRefreshed' },
            ],
            Default: 'AwaitRefresh',
          },
          Refreshed: { Type: 'Succeed' },
          NotRefreshed: { Type: 'Fail', Error: 'DashboardsNotRefreshed', CausePath: '$.dataSet' },
        },
      },
      ResultPath: null,
      Catch,
      Next: next,
    },
  };
}
