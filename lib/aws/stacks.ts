/** Where an environment stands in AWS: enough to find what was deployed of it. */
export interface DeployedEnvironment {
  readonly name: string;
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
}

/** The name in CloudFormation of a stack: `Storage` of dev is `lakehouse-dev-storage`. */
export const stackName = (prefix: string, stack: string): string =>
  `${prefix}-${stack.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}`;

/** Outputs of stacks that programs read: which stack gives them, under which name, and what they are. */
export const OUTPUTS = {
  rawBucket: { stack: 'Storage', output: 'RawBucket', says: 'the bucket of zone raw' },
  processedBucket: { stack: 'Storage', output: 'ProcessedBucket', says: 'the bucket of zone processed' },
  quarantineBucket: { stack: 'Storage', output: 'QuarantineBucket', says: 'the bucket of zone quarantine' },
  archiveBucket: { stack: 'Storage', output: 'ArchiveBucket', says: 'the bucket of zone archive' },
  resultsBucket: { stack: 'Storage', output: 'ResultsBucket', says: 'the bucket of zone results' },
  workgroup: { stack: 'Query', output: 'WorkgroupName', says: 'the Athena workgroup of analysts' },
  validation: {
    stack: 'Quality',
    output: 'ValidationFunction',
    says: 'the Lambda that judges the source data of a day',
  },
  machine: { stack: 'Orchestration', output: 'MachineArn', says: 'the daily run' },
} as const satisfies Record<string, { readonly stack: string; readonly output: string; readonly says: string }>;

/** An output that programs read. */
export type OutputName = keyof typeof OUTPUTS;
