import { type App, RemovalPolicy } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { type DatabaseLayer, databaseName, RAW_ROOT, schemaOf } from '../../aws/index.ts';
import type { Plan } from '../../plan/index.ts';
import { CatalogRoles } from '../constructs/catalog-roles.ts';
import { constructId } from '../constructs/construct-id.ts';
import { GlueEncryption } from '../constructs/glue-encryption.ts';
import { IcebergTable } from '../constructs/iceberg-table.ts';
import { LakeLogGroup } from '../constructs/lake-log-group.ts';
import { NoticeRule } from '../constructs/notice-rule.ts';
import { crawlerName, RawCrawler } from '../constructs/raw-crawler.ts';
import { withNewTables } from '../created-tables.ts';
import type { Deployment } from '../deployment.ts';
import { LakeStack } from '../lake-stack.ts';
import type { AlertsStack } from './alerts.ts';
import type { StorageStack } from './storage.ts';

const DATABASES: Readonly<Record<DatabaseLayer, string>> = {
  crawled: 'Files as they came, crawled: what a source sent, not what it means.',
  raw: 'Typed records as one source told them, of which several base tables are made.',
  base: 'Typed records, one row per key.',
  mart: 'Answers that people and dashboards read.',
  feature: 'Inputs of models, as they were known at the time.',
  ops: 'What runs read, made and refused.',
};

/** Raw datasets by product. A dataset that feeds tables of several products is crawled with the first. */
function datasetsByProduct({ sources, tables }: Plan): Map<string, string[]> {
  const products = new Map<string, string[]>();
  for (const { name, feeds } of sources) {
    const product = tables.find((table) => feeds.includes(table.name))?.product;
    if (product !== undefined) products.set(product, [...(products.get(product) ?? []), name]);
  }
  return products;
}

/** The Glue catalog: a database per layer, an Iceberg table per contract, a crawler per product over raw. */
export class CatalogStack extends LakeStack {
  constructor(app: App, deployment: Deployment, storage: StorageStack, alerts: AlertsStack) {
    super(app, 'Catalog', deployment, 'Databases, Iceberg tables and crawlers. The tables are stateful.');
    const { environment, plan, created } = deployment;
    const { prefix, account } = environment;
    const { raw, processed, dataKey, operationsKey } = storage;
    const layers = Object.keys(DATABASES) as DatabaseLayer[];
    const databases = layers.map((layer) => {
      const database = new CfnDatabase(this, constructId(schemaOf(layer)), {
        catalogId: account,
        databaseInput: {
          name: databaseName(prefix, layer),
          description: DATABASES[layer],
          locationUri:
            layer === 'crawled' ? `s3://${raw.bucketName}/${RAW_ROOT}` : `s3://${processed.bucketName}/${layer}/`,
        },
      });
      database.applyRemovalPolicy(
        environment.deletion.policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      );
      return database;
    });
    const security = new GlueEncryption(this, 'Encryption', 'crawlers', storage);
    const { maintainer, crawler } = new CatalogRoles(this, 'Roles', { raw, processed, dataKey, operationsKey });
    // So Glue names the log of crawlers that encrypt: after their role and security configuration.
    new LakeLogGroup(this, 'CrawlLog', `/aws-glue/crawlers-role/${crawler.roleName}-${prefix}-crawlers`, operationsKey);
    const tables = withNewTables(created, plan);
    for (const { name, layer } of plan.tables) {
      const table = tables[name];
      if (table === undefined) continue;
      const iceberg = new IcebergTable(this, constructId(name), {
        database: databaseName(prefix, layer),
        table: name.slice(layer.length + 1),
        location: `s3://${processed.bucketName}/${name.replace('.', '/')}`,
        created: table,
        maintainer,
      });
      for (const database of databases) iceberg.table.addResourceDependency(database);
    }
    const products = datasetsByProduct(plan);
    for (const [product, datasets] of products) {
      const props = { product, datasets, bucket: raw, database: databaseName(prefix, 'crawled'), role: crawler };
      new RawCrawler(this, `Crawl${constructId(product)}`, { ...props, security });
    }
    const crawlers = [...products].map(([product, datasets]) => crawlerName(prefix, product, datasets));
    new NoticeRule(this, 'CrawlFails', {
      pattern: {
        source: ['aws.glue'],
        detailType: ['Glue Crawler State Change'],
        detail: { crawlerName: crawlers, state: ['Failed'] },
      },
      notice: {
        incident: 'crawler/<crawlerName>',
        verdict: 'warn',
        subject: '<crawlerName>',
        says: 'The crawler failed: <errorMessage>',
        runbook: 'crawl-fails',
      },
      fields: { crawlerName: '$.detail.crawlerName', errorMessage: '$.detail.errorMessage' },
      alerts,
    });
    new NoticeRule(this, 'CrawlSucceeds', {
      pattern: {
        source: ['aws.glue'],
        detailType: ['Glue Crawler State Change'],
        detail: { crawlerName: crawlers, state: ['Succeeded'] },
      },
      notice: {
        incident: 'crawler/<crawlerName>',
        verdict: 'pass',
        subject: '<crawlerName>',
        says: 'The crawler succeeded.',
        runbook: 'crawl-fails',
      },
      fields: { crawlerName: '$.detail.crawlerName' },
      alerts,
    });
  }
}
