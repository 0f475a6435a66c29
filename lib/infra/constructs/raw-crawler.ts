import { createHash } from 'node:crypto';
import { CfnCrawler, type CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { rawDataset } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';

/** What a crawler looks at. */
interface RawCrawlerProps {
  readonly product: string;
  /** Raw datasets of the product. */
  readonly datasets: readonly string[];
  readonly bucket: IBucket;
  readonly database: string;
  readonly role: IRole;
  readonly security: CfnSecurityConfiguration;
}

/** In which order a plan names datasets changes no crawler. */
const inOrder = (datasets: readonly string[]) => [...datasets].sort();

/**
 * Catalogues one product's raw datasets, a table each. It reads new days only, and a changed schema is logged, never applied.
 * One for several, since a crawl is billed for ten minutes at least.
 */
export class RawCrawler extends CfnCrawler {
  constructor(scope: Construct, id: string, props: RawCrawlerProps) {
    const { product, datasets, bucket, database, role, security } = props;
    const { environment } = deploymentOf(scope);
    super(scope, id, {
      name: crawlerName(environment.prefix, product, datasets),
      description: `Catalogues the raw datasets of ${product}.`,
      role: role.roleArn,
      databaseName: database,
      targets: {
        s3Targets: inOrder(datasets).map((dataset) => ({
          path: `s3://${bucket.bucketName}/${rawDataset(dataset)}`,
        })),
      },
      recrawlPolicy: { recrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
      schemaChangePolicy: { updateBehavior: 'LOG', deleteBehavior: 'LOG' },
      configuration: JSON.stringify({ Version: 1, Grouping: { TableGroupingPolicy: 'CombineCompatibleSchemas' } }),
      crawlerSecurityConfiguration: security.ref,
      ...(environment.switches.crawlerSchedules
        ? { schedule: { scheduleExpression: environment.schedules.crawl } }
        : {}),
    });
  }
}

/**
 * The crawler of a product, by what it looks at: Glue refuses other targets to one that reads new folders only, so with
 * another dataset CloudFormation makes another crawler, whose first crawl reads everything, and takes the old one away.
 */
export function crawlerName(prefix: string, product: string, datasets: readonly string[]): string {
  const targets = createHash('sha256').update(inOrder(datasets).join(' ')).digest('hex');
  return `${prefix}-${product}-${targets.slice(0, 6)}`;
}
