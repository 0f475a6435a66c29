import { randomUUID } from 'node:crypto';
import type {
  CreateUsageLimitRequest,
  DeleteUsageLimitRequest,
  ListUsageLimitsRequest,
  UpdateUsageLimitRequest,
} from '@aws-sdk/client-redshift-serverless';
import type { ListPipelineExecutionsRequest, StartPipelineExecutionRequest } from '@aws-sdk/client-sagemaker';
import type {
  FeatureValue,
  GetRecordRequest,
  ListRecordsRequest,
  PutRecordRequest,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { z } from 'zod';
import { type Operations, Refusal } from './stand-in.ts';

/** Usage limits of Redshift Serverless: kept, and computing nothing. */
export function usageLimits(): Operations {
  const limits = new Map<string, CreateUsageLimitRequest & { readonly usageLimitId: string }>();
  const known = (id = '') => {
    const limit = limits.get(id);
    if (limit === undefined) throw new Refusal('ResourceNotFoundException', `there is no usage limit ${id}`);
    return limit;
  };
  return {
    CreateUsageLimit: (asked: CreateUsageLimitRequest) => {
      const same = (each: CreateUsageLimitRequest) =>
        each.resourceArn === asked.resourceArn && each.usageType === asked.usageType && each.period === asked.period;
      if ([...limits.values()].some(same))
        throw new Refusal('ConflictException', 'there is such a usage limit already');
      const usageLimit = { period: 'monthly', breachAction: 'log', ...asked, usageLimitId: randomUUID() } as const;
      limits.set(usageLimit.usageLimitId, usageLimit);
      return { usageLimit };
    },
    ListUsageLimits: ({ resourceArn, usageType }: ListUsageLimitsRequest) => {
      const usageLimits = [...limits.values()].filter(
        (each) => (!resourceArn || each.resourceArn === resourceArn) && (!usageType || each.usageType === usageType),
      );
      return usageLimits.length > 0 ? { usageLimits } : {};
    },
    UpdateUsageLimit: ({ usageLimitId, ...changed }: UpdateUsageLimitRequest) => {
      const usageLimit = { ...known(usageLimitId), ...changed };
      limits.set(usageLimit.usageLimitId, usageLimit);
      return { usageLimit };
    },
    DeleteUsageLimit: ({ usageLimitId }: DeleteUsageLimitRequest) => {
      const usageLimit = known(usageLimitId);
      limits.delete(usageLimit.usageLimitId);
      return { usageLimit };
    },
  };
}

/** A feature group as its template defines it, as far as a record is held to it. */
const groupSchema = z.object({
  FeatureGroupName: z.string(),
  RecordIdentifierFeatureName: z.string(),
  EventTimeFeatureName: z.string(),
  FeatureDefinitions: z.array(z.object({ FeatureName: z.string(), FeatureType: z.string() })),
});
type FeatureGroup = z.infer<typeof groupSchema>;

/** The written forms that Feature Store takes. */
const WRITTEN: Readonly<Record<string, RegExp>> = {
  String: /^/,
  Integral: /^-?\d+$/,
  Fractional: /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/,
};
const EVENT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** SageMaker's Feature Store: keeps the newest record of each identifier, and refuses what its group does not define. */
export class FeatureStore {
  readonly #groups = new Map<string, FeatureGroup>();
  readonly #records = new Map<string, Map<string, readonly FeatureValue[]>>();

  /** What CloudFormation would have made of the templates' feature groups. */
  create(groups: readonly object[]): void {
    for (const group of groups.map((each) => groupSchema.parse(each))) {
      this.#groups.set(group.FeatureGroupName, group);
      this.#records.set(group.FeatureGroupName, new Map());
    }
  }

  /** What of the API there is. */
  readonly operations: Operations = {
    PutRecord: ({ FeatureGroupName = '', Record = [] }: PutRecordRequest) => {
      const { group, records } = this.#known(FeatureGroupName);
      const faults = faultsOfRecord(group, Record);
      if (faults.length > 0) throw new Refusal('ValidationError', faults.join('; '));
      const identifier = featureOf(Record, group.RecordIdentifierFeatureName);
      const time = (record: readonly FeatureValue[]) => featureOf(record, group.EventTimeFeatureName);
      const kept = records.get(identifier);
      if (kept === undefined || time(kept) <= time(Record)) records.set(identifier, Record);
      return {};
    },
    GetRecord: ({ FeatureGroupName = '', RecordIdentifierValueAsString = '' }: GetRecordRequest) => {
      const Record = this.#known(FeatureGroupName).records.get(RecordIdentifierValueAsString);
      return Record === undefined ? {} : { Record };
    },
    ListRecords: ({ FeatureGroupName = '', MaxResults = 100, NextToken = '0' }: ListRecordsRequest) => {
      const identifiers = [...this.#known(FeatureGroupName).records.keys()];
      const to = Number(NextToken) + MaxResults;
      return {
        RecordIdentifiers: identifiers.slice(Number(NextToken), to),
        ...(to < identifiers.length ? { NextToken: String(to) } : {}),
      };
    },
  };

  #known(name: string) {
    const [group, records] = [this.#groups.get(name), this.#records.get(name)];
    if (!group || !records) throw new Refusal('ResourceNotFound', `there is no feature group ${name}`);
    return { group, records };
  }
}

const featureOf = (record: readonly FeatureValue[], name: string): string =>
  record.find(({ FeatureName }) => FeatureName === name)?.ValueAsString ?? '';

function faultsOfRecord(group: FeatureGroup, record: readonly FeatureValue[]): string[] {
  const types = new Map(group.FeatureDefinitions.map(({ FeatureName, FeatureType }) => [FeatureName, FeatureType]));
  const wanted = [group.RecordIdentifierFeatureName, group.EventTimeFeatureName];
  return [
    ...wanted.filter((name) => featureOf(record, name) === '').map((name) => `${name} is missing`),
    ...record.flatMap(({ FeatureName = '', ValueAsString = '' }) => {
      const form = FeatureName === group.EventTimeFeatureName ? EVENT_TIME : WRITTEN[types.get(FeatureName) ?? ''];
      if (form === undefined) return [`${FeatureName} is not defined`];
      return form.test(ValueAsString) ? [] : [`${FeatureName}: ${ValueAsString} is no ${types.get(FeatureName)}`];
    }),
  ];
}

/** Pipelines of SageMaker: that they were started is kept, and nothing is trained. */
export function pipelines(account: string, region: string): Operations {
  const started = new Map<string, StartPipelineExecutionRequest & { readonly arn: string }>();
  return {
    StartPipelineExecution: (asked: StartPipelineExecutionRequest) => {
      const token = asked.ClientRequestToken ?? randomUUID();
      const arn = `arn:aws:sagemaker:${region}:${account}:pipeline/${asked.PipelineName?.toLowerCase()}/execution/${started.size}`;
      const execution = started.get(token) ?? { ...asked, arn };
      started.set(token, execution);
      return { PipelineExecutionArn: execution.arn };
    },
    ListPipelineExecutions: ({ PipelineName }: ListPipelineExecutionsRequest) => ({
      PipelineExecutionSummaries: [...started.values()]
        .filter((each) => each.PipelineName === PipelineName)
        .map(({ arn }) => ({ PipelineExecutionArn: arn, PipelineExecutionStatus: 'Executing' })),
    }),
  };
}
