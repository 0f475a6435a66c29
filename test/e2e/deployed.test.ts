import { describe, expect, it } from 'vitest';
import { lakehouse, temporaryFolder } from './program.ts';

const nowhere = temporaryFolder();
/** A machine on which nobody signed in to AWS. */
const env = {
  HOME: nowhere,
  AWS_CONFIG_FILE: `${nowhere}/config`,
  AWS_SHARED_CREDENTIALS_FILE: `${nowhere}/credentials`,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_PROFILE: '',
};

describe('without credentials', () => {
  it.each([['run'], ['status'], ['query', 'refunds-by-month'], ['validate']])(
    '%s --env says what is missing and the next step, exit 1',
    async (...argv) => {
      const called = await lakehouse([...argv, '--env', 'dev'], { env });
      expect(called).toMatchObject({ code: 1, stdout: '' });
      expect(called.stderr).toMatch(
        /^lakehouse: no AWS credentials: dev is in account 111122223333, eu-west-1\. Sign in \(aws sso login, or aws configure\), or set AWS_PROFILE/,
      );
      expect(called.stderr.trim().split('\n')).toHaveLength(1);
    },
  );
});
