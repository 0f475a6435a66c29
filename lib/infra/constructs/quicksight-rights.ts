import type { Environment } from '../environments.ts';

/** What QuickSight asks for, by thing: what owners may, and what those may who only look. It knows no other sets. */
const ACTIONS = {
  dataSource: {
    own: [
      'DescribeDataSource',
      'DescribeDataSourcePermissions',
      'PassDataSource',
      'UpdateDataSource',
      'DeleteDataSource',
      'UpdateDataSourcePermissions',
    ],
    view: [],
  },
  dataSet: {
    own: [
      'DescribeDataSet',
      'DescribeDataSetPermissions',
      'PassDataSet',
      'DescribeIngestion',
      'ListIngestions',
      'UpdateDataSet',
      'DeleteDataSet',
      'CreateIngestion',
      'CancelIngestion',
      'UpdateDataSetPermissions',
    ],
    // Who looks at a dashboard needs no right on what it shows.
    view: [],
  },
  dashboard: {
    own: [
      'DescribeDashboard',
      'ListDashboardVersions',
      'QueryDashboard',
      'UpdateDashboard',
      'DeleteDashboard',
      'UpdateDashboardPermissions',
      'DescribeDashboardPermissions',
      'UpdateDashboardPublishedVersion',
    ],
    view: ['DescribeDashboard', 'ListDashboardVersions', 'QueryDashboard'],
  },
} as const;

/** The rights of an environment's principals on a thing of QuickSight. */
export const rightsOn = (
  thing: keyof typeof ACTIONS,
  { quickSight }: Environment,
): { readonly principal: string; readonly actions: string[] }[] =>
  quickSight.principals
    .map(({ arn, may }) => ({ principal: arn, actions: ACTIONS[thing][may].map((action) => `quicksight:${action}`) }))
    .filter(({ actions }) => actions.length > 0);
