import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnServer, CfnUser } from 'aws-cdk-lib/aws-transfer';
import { Construct } from 'constructs';
import { rawDataset } from '../../aws/index.ts';
import { deploymentOf } from '../lake-stack.ts';
import { constructId } from './construct-id.ts';
import { LakeLogGroup } from './lake-log-group.ts';
import { allow, encryptWith, listObjects, ownService, writeObjects } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** SFTP into raw: a user sees one folder per dataset, `/purchase`, and puts files into its `dt=YYYY-MM-DD`. Keys, no passwords. */
export class SftpServer extends Construct {
  constructor(scope: Construct, id: string, raw: IBucket, dataKey: IKey, operationsKey: IKey) {
    super(scope, id);
    const { prefix, sftpUsers } = deploymentOf(this).environment;
    const transfer = ownService(this, 'transfer.amazonaws.com');
    const log = new LakeLogGroup(this, 'Log', `/aws/transfer/${prefix}`, operationsKey);
    const server = new CfnServer(this, 'Server', {
      domain: 'S3',
      endpointType: 'PUBLIC',
      identityProviderType: 'SERVICE_MANAGED',
      protocols: ['SFTP'],
      securityPolicyName: 'TransferSecurityPolicy-2024-01',
      structuredLogDestinations: [log.logGroupArn],
    });
    for (const user of sftpUsers) {
      const folders = user.datasets.map(rawDataset);
      const role = new ServiceRole(this, constructId(`${user.name}-role`), {
        assumedBy: transfer,
        description: `SFTP user ${user.name}: puts files of its datasets into raw.`,
        may: [
          listObjects(raw, ...folders),
          writeObjects(raw, ...folders),
          allow(['s3:GetBucketLocation'], [raw.bucketArn]),
          encryptWith(dataKey),
        ],
      });
      new CfnUser(this, constructId(user.name), {
        serverId: server.attrServerId,
        userName: user.name,
        role: role.roleArn,
        homeDirectoryType: 'LOGICAL',
        homeDirectoryMappings: user.datasets.map((dataset) => ({
          entry: `/${dataset}`,
          target: `/${raw.bucketName}/${rawDataset(dataset).replace(/[/]$/, '')}`,
        })),
        sshPublicKeys: [user.publicKey],
      });
    }
  }
}
