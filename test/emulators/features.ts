import { ListPipelineExecutionsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  GetRecordCommand,
  paginateListRecords,
  SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { featureGroupName, pipelineName } from '../../lib/aws/index.ts';
import { environmentNamed } from '../../lib/infra/environments.ts';
import type { FeaturePlan, TablePlan } from '../../lib/plan/index.ts';
import type { TextRow } from './tables.ts';

const { prefix } = environmentNamed('uat');

/** A record of Feature Store by its features; what is missing is not there. */
type FeatureRecord = Readonly<Record<string, string>>;

/** What Feature Store serves of a table, by identifier. */
export async function served(table: TablePlan): Promise<Map<string, FeatureRecord>> {
  const client = new SageMakerFeatureStoreRuntimeClient({});
  const FeatureGroupName = featureGroupName(prefix, table.name);
  const found = new Map<string, FeatureRecord>();
  for await (const { RecordIdentifiers = [] } of paginateListRecords({ client }, { FeatureGroupName }))
    for (const RecordIdentifierValueAsString of RecordIdentifiers) {
      const get = new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString });
      const { Record = [] } = await client.send(get);
      const features = Record.map(({ FeatureName, ValueAsString }) => [FeatureName, ValueAsString]);
      found.set(RecordIdentifierValueAsString, Object.fromEntries(features));
    }
  return found;
}

/** What should be served of a table: its rows about the newest point in time, with that in the spelling of Feature Store. */
export function newest(
  { columns, feature }: TablePlan & { readonly feature: FeaturePlan },
  rows: readonly TextRow[],
): Map<string, FeatureRecord> {
  const at = (row: TextRow, name: string) => row[columns.findIndex((column) => column.name === name)] ?? '';
  const last = rows
    .map((row) => at(row, feature.eventTime))
    .sort()
    .at(-1);
  const records = rows
    .filter((row) => at(row, feature.eventTime) === last)
    .map((row) => {
      const values = columns.flatMap(({ name }, place) => {
        const text = row[place] ?? null;
        if (text === null) return [];
        return [[name, name === feature.eventTime ? new Date(`${text}Z`).toISOString() : text]];
      });
      return [at(row, feature.recordIdentifier), Object.fromEntries(values)] as const;
    });
  return new Map(records);
}

/** How often the training of a model was started. */
export async function trainings(model: string): Promise<number> {
  const asked = new ListPipelineExecutionsCommand({ PipelineName: pipelineName(prefix, model) });
  return (await new SageMakerClient({}).send(asked)).PipelineExecutionSummaries?.length ?? 0;
}
