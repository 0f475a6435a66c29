import { describe, it } from 'vitest';
import { OUTPUTS } from '../../lib/aws/index.ts';
import { synthesised } from './synthesised.ts';

describe.each(['dev', 'prod'] as const)('%s gives what the command line asks for', (name) => {
  it.each(Object.values(OUTPUTS))('$output of $stack, $says', ({ stack, output, says }) => {
    synthesised(name).template(stack).hasOutput(output, { Description: says });
  });
});
