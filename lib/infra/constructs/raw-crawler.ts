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

/** Catalogues one product's raw datasets, a table each. It reads new days only, and a changed schema is logged, never applied. */
export class RawCrawler extends CfnCrawler {
  constructor(scope: Construct, id: string, props: RawCrawlerProps) {
    const { product, datasets, bucket, database, role, security } = props;
    const { environment } = deploymentOf(scope);
    super(scope, id, {
      name: crawlerName(environment.prefix, product),
      description: `Catalogues the raw datasets of ${product}.`,
      role: role.roleArn,
      databaseName: database,
      targets: { s3Targets: datasets.map((dataset) => ({ path: `s3://${bucket.bucketName}/${rawDataset(dataset)}` })) },
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

/** The crawler of a product. */
export const crawlerName = (prefix: string, product: string): string => `${prefix}-${product}`;
