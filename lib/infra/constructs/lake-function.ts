import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, Size } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { LambdaName, Settings } from '../../aws/index.ts';
import type { Assets } from '../deployment.ts';
import { deploymentOf } from '../lake-stack.ts';
import { LakeLogGroup } from './lake-log-group.ts';
import { LakeQueue } from './lake-queue.ts';
import { allow } from './permissions.ts';
import { refuseDeployment } from './refuse-deployment.ts';
import { ServiceRole } from './service-role.ts';

/** What tells one Lambda from another. */
interface LakeFunctionProps<Name extends LambdaName> {
  /** A folder of `lambdas/`, bundled by `npm run build`. */
  readonly lambda: Name;
  /** One sentence: what it does. */
  readonly description: string;
  /** Its environment variables: exactly those that `lib/aws/settings.ts` names. */
  readonly settings: Omit<Settings<Name>, 'ENVIRONMENT'>;
  /** What it may do beside writing its own log and traces. */
  readonly may?: readonly PolicyStatement[];
  /** Encrypts its log and its dead letters. */
  readonly key: IKey;
  readonly timeout: Duration;
  readonly memoryMegabytes?: number;
  /** Scratch space on disk. */
  readonly storageMegabytes?: number;
  /** How many may run at a time: a bound on cost, and on what it calls. */
  readonly concurrency?: number;
  /** The command that puts native modules beside its bundle; what is deployed must come from it. */
  readonly packagedBy?: string;
  /** Invoked without anybody waiting for the answer: what fails twice goes to a dead-letter queue. */
  readonly asynchronous?: boolean;
}

/** A Lambda of this project: Node 24 on arm64, its own role and log group, traced, bounded. */
export class LakeFunction<Name extends LambdaName = LambdaName> extends LambdaFunction {
  /** Its name, known before it is made: metrics and logs can be named in other stacks without an export. */
  readonly knownName: string;
  readonly lambda: Name;

  constructor(scope: Construct, id: string, props: LakeFunctionProps<Name>) {
    const { environment, assets } = deploymentOf(scope);
    const { lambda, key, settings, may = [] } = props;
    const functionName = `${environment.prefix}-${lambda}`;
    const logGroup = new LakeLogGroup(scope, `${id}Log`, `/aws/lambda/${functionName}`, key);
    const role = new ServiceRole(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      may: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]), ...may],
    });
    super(scope, id, {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(assets, lambda), { exclude: ['*.map'] }),
      handler: 'index.handler',
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      environment: { ENVIRONMENT: environment.name, ...settings },
      timeout: props.timeout,
      memorySize: props.memoryMegabytes ?? 512,
      ephemeralStorageSize: Size.mebibytes(props.storageMegabytes ?? 512),
      reservedConcurrentExecutions: props.concurrency ?? 5,
      ...(props.asynchronous ? { deadLetterQueue: new LakeQueue(scope, `${id}DeadLetters`, { key }) } : {}),
    });
    if (props.packagedBy !== undefined && !existsSync(join(assets.packages, lambda)))
      refuseDeployment(this, `dist/packages/${lambda} is missing: ${props.packagedBy}, then deploy`);
    this.knownName = functionName;
    this.lambda = lambda;
  }
}

/** The folder of a Lambda's bundle; one that was packaged with native modules comes first. @throws Error when it was not built. */
function bundleOf({ lambdas, packages }: Assets, lambda: string): string {
  const bundle = [packages, lambdas]
    .map((folder) => join(folder, lambda))
    .find((each) => existsSync(join(each, 'index.mjs')));
  if (bundle !== undefined) return bundle;
  throw new Error(
    `the bundle of lambda ${lambda} is missing: expected ${join(lambdas, lambda, 'index.mjs')}; run npm run build`,
  );
}
