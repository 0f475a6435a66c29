import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { TestProject } from 'vitest/node';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { nameOfAbsent } from './absent.ts';
import { deploy } from './deploy.ts';
import { mockConfig } from './machine-paths.ts';
import { FeatureStore, pipelines, usageLimits } from './records.ts';
import { RedshiftData } from './redshift-data.ts';
import { startMinistack } from './server.ts';
import { startSlack } from './slack.ts';
import { startStandIns } from './stand-in.ts';
import { startUnloading } from './unload.ts';

/** What the tests of this folder share: one deployment of uat, in which everything but SFTP is on. */
declare module 'vitest' {
  interface ProvidedContext {
    readonly endpoint: string;
    readonly slack: string;
    /** The types of what was left out. */
    readonly absent: readonly string[];
  }
}

/** Starts what stands for AWS, and deploys uat to it. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { name, account, region, alerts } = environmentNamed('uat');
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-deployment-'));
  const started: { readonly stop: () => void | Promise<void> }[] = [];
  const teardown = async () => {
    for (const server of started.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const running = async <S extends (typeof started)[number]>(server: Promise<S>): Promise<S> => {
    started.push(await server);
    return server;
  };
  try {
    const slack = await running(startSlack());
    const redshift = await running(RedshiftData.start());
    const features = new FeatureStore();
    const standIns = await running(
      startStandIns({
        'redshift-data': redshift.operations,
        'redshift-serverless': usageLimits(),
        'sagemaker-featurestore-runtime': features.operations,
        sagemaker: pipelines(account, region),
      }),
    );
    const athena = await running(startUnloading(() => process.env.AWS_ENDPOINT_URL ?? ''));
    // Lambdas are the emulator's children, and find the stand-ins as it does.
    Object.assign(process.env, endpoints(standIns.url, athena.url));
    const ministack = await running(startMinistack(account, region, mockConfig()));
    const env = signedIn(ministack.url);
    Object.assign(process.env, env);
    const absent = await deploy(name, `aws://${account}/${region}`, folder, env);
    const groups = absent.filter(({ Type }) => Type === 'AWS::SageMaker::FeatureGroup');
    features.create(groups.map(({ Properties = {} }) => Properties));
    const secret = { Name: alerts.slackSecret ?? '', SecretString: `${slack.url}/services/hook` };
    await new SecretsManagerClient({}).send(new CreateSecretCommand(secret));
    provide('endpoint', ministack.url);
    provide('slack', slack.url);
    provide('absent', absent.map(nameOfAbsent));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

/** Where services are asked that the emulator lacks. */
const endpoints = (standIns: string, athena: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_ATHENA: athena,
  AWS_ENDPOINT_URL_REDSHIFT_DATA: standIns,
  AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS: standIns,
  AWS_ENDPOINT_URL_SAGEMAKER: standIns,
  AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME: standIns,
});

/** What a program needs to take the emulator for AWS. */
function signedIn(endpoint: string): Record<string, string> {
  const { account, region } = environmentNamed('uat');
  return {
    AWS_ENDPOINT_URL: endpoint,
    // The emulator takes an access key of twelve digits for the account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
