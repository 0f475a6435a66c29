import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { TestProject } from 'vitest/node';
import { environmentNamed } from '../../lib/infra/environments.ts';
import { type Absent, deploy } from './deploy.ts';
import { mockConfig } from './machine-paths.ts';
import { startMinistack } from './server.ts';
import { startSlack } from './slack.ts';

/** What the tests of this folder share: one deployment of uat, in which everything but SFTP is on. */
declare module 'vitest' {
  interface ProvidedContext {
    readonly endpoint: string;
    readonly slack: string;
    readonly absent: Absent;
  }
}

/** What a program needs to take the emulator for AWS. */
export const signedIn = (endpoint: string): Record<string, string> => {
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
};

/** Starts the emulator, and deploys uat to it. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const { name, account, region, alerts } = environmentNamed('uat');
  const folder = mkdtempSync(join(tmpdir(), 'lakehouse-deployment-'));
  const slack = await startSlack();
  const ministack = await startMinistack(account, region, mockConfig());
  const teardown = () => {
    for (const server of [ministack, slack]) server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const env = signedIn(ministack.url);
    Object.assign(process.env, env);
    const absent = await deploy(name, `aws://${account}/${region}`, folder, env);
    const secret = { Name: alerts.slackSecret ?? '', SecretString: `${slack.url}/services/hook` };
    await new SecretsManagerClient({}).send(new CreateSecretCommand(secret));
    provide('endpoint', ministack.url);
    provide('slack', slack.url);
    provide('absent', absent);
    return teardown;
  } catch (error) {
    teardown();
    throw error;
  }
}
