import type { DeployedEnvironment } from '../aws/index.ts';

/** How a client of AWS is made on this machine: the environment's region; credentials and endpoint are found as every AWS tool finds them. */
export function clientSettings({ region }: Pick<DeployedEnvironment, 'region'>): { readonly region: string } {
  // The SDK's note on Node's age belongs to who maintains this program, not to who asks for an answer.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return { region };
}
