import type { Layer } from '../contract/index.ts';

/** A Glue database of the lake: one per layer of tables, one for what is crawled in raw, one for the run's ledger. */
export type DatabaseLayer = Layer | 'crawled' | 'ops';

/** Files are crawled into `…_raw`, so typed raw tables have a database of another name. */
const DATABASES: Partial<Record<DatabaseLayer, string>> = { raw: 'records', crawled: 'raw' };

/** What a layer's database is called within its environment. */
export const schemaOf = (layer: DatabaseLayer): string => DATABASES[layer] ?? layer;

/** The Glue database of a layer: `lakehouse_dev_base`. Athena and Redshift take no hyphen. */
export const databaseName = (prefix: string, layer: DatabaseLayer): string =>
  `${prefix.replaceAll('-', '_')}_${schemaOf(layer)}`;

/** A table as Athena's SQL names it: `mart.x` is `"lakehouse_dev_mart"."x"`. */
export function athenaTable(prefix: string, table: string): string {
  const [layer = '', bare = ''] = table.split('.');
  return `"${databaseName(prefix, layer as DatabaseLayer)}"."${bare}"`;
}

/** The Firehose stream that carries a dataset's records from the HTTP API into raw, many to a file. */
export const deliveryStreamName = (prefix: string, dataset: string): string =>
  `${prefix}-records-${dataset.replaceAll('_', '-')}`;

/** The feature group of a feature table: `feature.x` is `<prefix>-x`; the store takes no underscore. */
export const featureGroupName = (prefix: string, table: string): string =>
  `${prefix}-${table.replace(/^[a-z]+[.]/, '').replaceAll('_', '-')}`;

/** The data set in QuickSight of a table or a saved question: `mart.x_y` is `<prefix>-mart-x-y`. */
export const dataSetId = (prefix: string, shown: string): string => `${prefix}-${shown.replaceAll(/[._]/g, '-')}`;

/** The dashboard in QuickSight of a declared one. */
export const dashboardId = (prefix: string, dashboard: string): string => `${prefix}-${dashboard.replaceAll('_', '-')}`;

/** A bucket of the lake: `logs` holds the access logs of the others, `results` what Athena answers, `archive` the exports. */
export type Zone = 'raw' | 'processed' | 'quarantine' | 'archive' | 'results' | 'logs';

/** The bucket of a zone: unique in the world, and known before it is made, so that partners can be told. */
export const bucketName = (
  { prefix, account, region }: { readonly prefix: string; readonly account: string; readonly region: string },
  zone: Zone,
): string => `${prefix}-${zone}-${account}-${region}`;

/** The Athena workgroup of what runs by itself: checks, exports, features, trainings, dashboards. */
export const workgroupName = (prefix: string): string => prefix;

/** That of analysts. Apart, since who may read one answer of a workgroup may read them all, with columns that analysts do not see. */
export const analystsWorkgroupName = (prefix: string): string => `${prefix}-analysts`;

/** The Glue job that runs the plan. */
export const jobName = (prefix: string): string => `${prefix}-run-plan`;

/** The state machine of the daily run. */
export const machineName = (prefix: string): string => `${prefix}-run`;

/** Stands in a setting where the name of a secret would: the environment has no such thing. */
export const NONE = 'none';

/** The SageMaker pipeline that trains a model. */
export const pipelineName = (prefix: string, model: string): string => `${prefix}-train-${model.replaceAll('_', '-')}`;

/** The group of a model's registered versions. */
export const modelGroupName = (prefix: string, model: string): string => `${prefix}-${model.replaceAll('_', '-')}`;

/** The parameters of a training pipeline: the day as of which it learns. */
export const PIPELINE_PARAMETERS = { asOf: 'AsOf' } as const;

/** Where the workgroups write what queries answer, in the results bucket. */
export const QUERY_RESULTS = 'athena/';
export const ANALYST_RESULTS = 'analysts/';

/** The Kinesis stream of a dataset, and the Firehose stream that lands it. */
export const streamName = (prefix: string, dataset: string): string =>
  `${prefix}-stream-${dataset.replaceAll('_', '-')}`;

/** Where Feature Store keeps the history of features, in the processed bucket: beside the tables of the lake, not among them. */
export const FEATURE_STORE = 'feature-store/';

/** Where training sets stand until they expire, in the results bucket. */
export const TRAINING_SETS = 'training/';

/** Where models and the reports on them stay, in the archive. */
export const MODELS = 'models/';
