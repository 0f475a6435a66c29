import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { RAW_ROOT } from '../../aws/index.ts';
import { glueCatalog, READ_TABLES, WRITE_TABLES } from './glue-catalog.ts';
import {
  allow,
  decryptWith,
  deleteObjects,
  encryptWith,
  listObjects,
  ownService,
  readObjects,
  writeObjects,
} from './permissions.ts';
import { ServiceRole } from './service-role.ts';

interface CatalogRolesProps {
  readonly raw: IBucket;
  readonly processed: IBucket;
  readonly dataKey: IKey;
  readonly operationsKey: IKey;
}

/** Who tends the catalog: the maintainer of Iceberg tables, and the crawler of raw. */
export class CatalogRoles extends Construct {
  readonly maintainer: ServiceRole;
  readonly crawler: ServiceRole;

  constructor(scope: Construct, id: string, { raw, processed, dataKey, operationsKey }: CatalogRolesProps) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const logs = (group: string) => `arn:${partition}:logs:${region}:${account}:log-group:/aws-glue/${group}*`;
    const log = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
    const assumedBy = ownService(this, 'glue.amazonaws.com');
    this.maintainer = new ServiceRole(this, 'Maintainer', {
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
      description: 'Compacts Iceberg tables and expires their snapshots.',
      may: [
        listObjects(processed, ''),
        readObjects(processed, ''),
        writeObjects(processed, ''),
        deleteObjects(processed, ''),
        encryptWith(dataKey),
        allow(['glue:GetTable', 'glue:UpdateTable'], glueCatalog(this, 'raw', 'base', 'mart', 'feature')),
        allow(log, [logs('iceberg-')]),
      ],
    });
    this.crawler = new ServiceRole(this, 'Crawler', {
      assumedBy,
      description: 'Reads raw files and catalogues them.',
      may: [
        listObjects(raw, RAW_ROOT),
        readObjects(raw, RAW_ROOT),
        decryptWith(dataKey),
        allow([...READ_TABLES, ...WRITE_TABLES], glueCatalog(this, 'crawled')),
        allow(['glue:GetSecurityConfiguration'], ['*']),
        allow([...log, 'logs:AssociateKmsKey'], [logs('crawlers')]),
        encryptWith(operationsKey),
      ],
    });
  }
}
