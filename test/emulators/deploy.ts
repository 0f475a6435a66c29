import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SynthesisedTemplate } from '../../lib/infra/readable.ts';
import { withoutAbsent } from './absent.ts';
import { ROOT } from './server.ts';

const run = promisify(execFile);
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** What a deployment left out. */
export type Absent = ReturnType<typeof withoutAbsent>['absent'];

/**
 * Deploys an environment to the emulator as one deploys to AWS: `cdk synth`, `cdk bootstrap`, `cdk deploy`, assets published.
 * Between them, what the emulator lacks is taken out of the templates.
 */
export async function deploy(
  environment: string,
  place: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Absent> {
  // Its own home: the command line of the CDK keeps whose credentials are which account.
  const surroundings = { ...process.env, ...env, HOME: folder, CI: 'true', CDK_VALIDATION: 'false' };
  const cdk = (...argv: readonly string[]) =>
    run(process.execPath, [CDK, ...argv], { cwd: ROOT, env: surroundings, maxBuffer: 64 * 1024 * 1024 });
  const assembly = join(folder, 'cdk.out');
  await cdk('synth', '--quiet', '--context', `env=${environment}`, '--output', assembly);
  const absent = leaveOut(assembly);
  await cdk('bootstrap', place, '--app', '');
  await cdk('deploy', '--app', assembly, '--all', '--method=direct', '--require-approval', 'never');
  return absent;
}

function leaveOut(assembly: string): Absent {
  const templates = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  return templates.flatMap((name) => {
    const path = join(assembly, name);
    const { template, absent } = withoutAbsent(JSON.parse(readFileSync(path, 'utf8')) as SynthesisedTemplate);
    writeFileSync(path, JSON.stringify(template));
    return absent;
  });
}
