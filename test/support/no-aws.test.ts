import { expect, it } from 'vitest';

// True by itself only where nothing else is set; beside test/emulators, or with a profile, it is `no-aws.ts` that makes it so.
it('tests find no account and no emulator in their surroundings', () => {
  expect(Object.keys(process.env).filter((name) => name.startsWith('AWS_'))).toEqual([]);
});
