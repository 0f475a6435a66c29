import { AwsError, askingAws } from '../engines/aws-error.ts';
import { DayBucket } from '../engines/bucket.ts';
import { callLambda } from '../engines/lambda-call.ts';
import { stackOutputs } from '../engines/stack-outputs.ts';
import { yesterday } from './command.ts';
import { storedValidation } from './deployed-results.ts';
import type { Environment } from './environment.ts';
import { EXIT } from './errors.ts';
import { type CommonOptions, Output } from './output.ts';
import { printValidation } from './validate-summary.ts';

interface DeployedValidation extends CommonOptions {
  readonly env: string;
  readonly date?: string;
}

/** What the validation Lambda answers. */
interface Answer {
  readonly decision: 'judged' | 'too_large';
  readonly bytes: number;
}

/** `lakehouse validate --env`: has the daily validation judge a day, and shows what it found. @returns the exit code. */
export async function validateOnAws(environment: Environment, options: DeployedValidation): Promise<number> {
  const where = await environment.deployment(options.env);
  const date = options.date ?? yesterday();
  const output = new Output(environment, options);
  return await askingAws(where, async () => {
    const { validation: lambda, resultsBucket } = await stackOutputs(where, ['validation', 'resultsBucket']);
    output.note(output.colors.dim(`${lambda} judges the source data of ${date}`));
    const { decision, bytes } = (await callLambda(where, lambda, { date })) as Answer;
    if (decision === 'too_large')
      throw new AwsError(
        `the files of ${date} are ${bytes} bytes, more than the function can hold; the daily run has the Glue job judge them: lakehouse run --env ${where.name} --as-of ${date}`,
      );
    const found = await storedValidation(new DayBucket(where, resultsBucket), date);
    if (found === null) throw new AwsError(`${lambda} judged ${date} and left no result in ${resultsBucket}`);
    printValidation(output, found);
    return found.status === 'fail' ? EXIT.failure : EXIT.fine;
  });
}
