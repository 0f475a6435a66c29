import { Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnVPCConnection } from 'aws-cdk-lib/aws-quicksight';
import { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';
import type { IsolatedNetwork } from './isolated-network.ts';
import { allow, ownService } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/** The port at which the warehouse answers. */
export const REDSHIFT_PORT = 5439;

/** QuickSight's way into the warehouse's network: interfaces that reach one port of one group, and nothing else. */
export class WarehouseConnection extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { vpcId, subnetIds, closedGroupId }: IsolatedNetwork) {
    super(scope, id);
    const { prefix, account } = deploymentOf(this).environment;
    const group = new CfnSecurityGroup(this, 'Group', {
      vpcId,
      groupDescription: 'QuickSight asks the warehouse, and nobody else.',
      securityGroupEgress: [
        {
          ipProtocol: 'tcp',
          fromPort: REDSHIFT_PORT,
          toPort: REDSHIFT_PORT,
          destinationSecurityGroupId: closedGroupId,
          description: 'questions to the warehouse',
        },
      ],
    });
    const between = (
      ingressId: string,
      to: string,
      from: string,
      ports: readonly [number, number],
      description: string,
    ) =>
      new CfnSecurityGroupIngress(this, ingressId, {
        groupId: to,
        sourceSecurityGroupId: from,
        ipProtocol: 'tcp',
        fromPort: ports[0],
        toPort: ports[1],
        description,
      });
    between('Questions', closedGroupId, group.attrGroupId, [REDSHIFT_PORT, REDSHIFT_PORT], 'questions of QuickSight');
    // QuickSight's interfaces keep no state: what the warehouse answers must be let in, whichever port asked.
    between('Answers', group.attrGroupId, closedGroupId, [1024, 65_535], 'answers of the warehouse');
    const connection = new CfnVPCConnection(this, 'Connection', {
      awsAccountId: account,
      vpcConnectionId: prefix,
      name: prefix,
      roleArn: this.role(closedGroupId, group.attrGroupId).roleArn,
      securityGroupIds: [group.attrGroupId],
      subnetIds: [...subnetIds],
    });
    this.arn = connection.attrArn;
  }

  private role(...groupIds: readonly string[]): ServiceRole {
    const { partition, region, account } = Stack.of(this);
    const ec2 = `arn:${partition}:ec2:${region}:${account}`;
    const groups = groupIds.map((groupId) => `${ec2}:security-group/${groupId}`);
    return new ServiceRole(this, 'Role', {
      assumedBy: ownService(this, 'quicksight.amazonaws.com'),
      description: 'QuickSight puts its network interfaces into the subnets of the warehouse.',
      may: [
        allow(
          ['ec2:CreateNetworkInterface', 'ec2:ModifyNetworkInterfaceAttribute', 'ec2:DeleteNetworkInterface'],
          [`${ec2}:network-interface/*`, `${ec2}:subnet/*`, ...groups],
        ),
        allow(['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', 'ec2:DescribeNetworkInterfaces'], ['*']),
      ],
    });
  }
}
