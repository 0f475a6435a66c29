import type { DeployedEnvironment } from '../aws/index.ts';

/** AWS could not be asked, or did not answer what was wanted. The message says what is missing and the next step. */
export class AwsError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'AwsError';
  }
}

type Explain = (where: DeployedEnvironment, said: string) => string;

/** What errors of the SDK mean to a person, by their name. The first that fits. */
const MEANINGS: readonly (readonly [RegExp, Explain])[] = [
  [
    /^(CredentialsProviderError|CredentialsError)$/,
    ({ name, account, region }, said) =>
      `no AWS credentials: ${name} is in account ${account}, ${region}. Sign in (aws sso login, or aws configure), or set AWS_PROFILE, then try again. (${said})`,
  ],
  [
    /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId)$/,
    ({ account }, said) =>
      `AWS does not accept these credentials: ${said}. Sign in again to account ${account}; aws sts get-caller-identity says who you are`,
  ],
  [
    /^(AccessDenied|AccessDeniedException|AuthorizationError|UnauthorizedOperation)$/,
    ({ account }, said) =>
      `these credentials may not do that: ${said}. docs/deploying.md lists the rights; aws sts get-caller-identity says who you are, the account must be ${account}`,
  ],
  [
    /^(TimeoutError|NetworkingError|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET)$/,
    ({ region }, said) =>
      `AWS cannot be reached in ${region}: ${said}. Look at the network, proxy and AWS_ENDPOINT_URL`,
  ],
];

/** Whether an error came with an answer of AWS. */
const isAnswer = (error: Error): boolean => '$metadata' in error;

/** Does some work against an environment; what AWS says when it fails is put in words that help. @throws AwsError */
export async function askingAws<T>(where: DeployedEnvironment, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AwsError) throw error;
    const names = [error.name, 'code' in error ? String(error.code) : ''];
    const said = error.message.split('\n')[0] || error.name;
    const explain = MEANINGS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
    if (explain) throw new AwsError(explain(where, said), error);
    if (isAnswer(error)) throw new AwsError(`AWS refused: ${error.name}: ${said}`, error);
    throw error;
  }
}
