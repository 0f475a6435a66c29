import { Stack } from 'aws-cdk-lib';
import {
  CfnFlowLog,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
} from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { deploymentOf } from '../lake-stack.ts';
import { LakeLogGroup } from './lake-log-group.ts';
import { allow } from './permissions.ts';
import { ServiceRole } from './service-role.ts';

/**
 * A network that nothing enters and nothing leaves but to S3: isolated subnets over the environment's three zones, no
 * gateway to the internet, no NAT. It has no interface endpoint either: each would cost 24 dollars a month over three
 * zones, and who asks the warehouse does so through the Data API, from outside.
 */
export class IsolatedNetwork extends Construct {
  readonly subnetIds: readonly string[];
  /** A security group that lets nothing in and nothing out. */
  readonly closedGroupId: string;
  readonly vpcId: string;

  constructor(scope: Construct, id: string, key: IKey) {
    super(scope, id);
    const { prefix, availabilityZones } = deploymentOf(this).environment;
    const tags = [{ key: 'Name', value: prefix }];
    const vpc = new CfnVPC(this, 'Vpc', {
      cidrBlock: '10.64.0.0/20',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags,
    });
    this.vpcId = vpc.attrVpcId;
    const routes = new CfnRouteTable(this, 'Routes', { vpcId: this.vpcId });
    this.subnetIds = availabilityZones.map((availabilityZone, index) => {
      const subnet = new CfnSubnet(this, `Isolated${index + 1}`, {
        vpcId: vpc.attrVpcId,
        availabilityZone,
        cidrBlock: `10.64.${index}.0/24`,
        mapPublicIpOnLaunch: false,
      });
      new CfnSubnetRouteTableAssociation(this, `Routes${index + 1}`, {
        subnetId: subnet.attrSubnetId,
        routeTableId: routes.attrRouteTableId,
      });
      return subnet.attrSubnetId;
    });
    new CfnVPCEndpoint(this, 'S3', {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${Stack.of(this).region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routes.attrRouteTableId],
    });
    const closed = new CfnSecurityGroup(this, 'Closed', {
      vpcId: this.vpcId,
      groupDescription: 'Nothing in, nothing out: the Data API needs neither.',
      // AWS opens a group that names no way out; this one leads nowhere.
      securityGroupEgress: [
        { ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32', description: 'no way out' },
      ],
    });
    this.closedGroupId = closed.attrGroupId;
    this.logFlows(key);
  }

  private logFlows(key: IKey): void {
    const { prefix } = deploymentOf(this).environment;
    const log = new LakeLogGroup(this, 'FlowLog', `/aws/vpc/${prefix}`, key);
    const role = new ServiceRole(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
      description: 'Writes who talked to whom in the network.',
      may: [allow(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [log.logGroupArn])],
    });
    new CfnFlowLog(this, 'Flows', {
      resourceId: this.vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logGroupName: log.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
  }
}
