import { defineConfig } from 'vitest/config';

/** Tests of one deployment to emulators of AWS, made before them; one file after another, since they share it. */
const EMULATED = 'test/emulators/**/*.test.ts';

/** Folders whose tests start processes, write lakes of some size, or search long: they run in `npm test`, not in `npm run check`. */
const FULL = [
  'test/run',
  'test/answers',
  'test/features',
  'test/e2e',
  'test/cli',
  'test/bench',
  'test/infra',
  'test/lambdas/lake',
  'test/training',
  'test/engines',
  'test/validators',
].map((folder) => `${folder}/**/*.test.ts`);

/** Every test file has a folder for temporary files that goes with it; only those of the emulators know where an AWS is. */
const TEMPORARY = 'test/support/temporary.ts';
const setupFiles = [TEMPORARY, 'test/support/no-aws.ts'];

const patience = { setupFiles, testTimeout: 180_000, hookTimeout: 120_000 };
/** Real engines on two busy cores take their time: the bound is for what hangs. */
const morePatience = { setupFiles, testTimeout: 900_000, hookTimeout: 900_000 };

export default defineConfig({
  test: {
    // By default one core is left alone: of two, half the machine.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [...FULL, EMULATED], ...patience } },
      { test: { name: 'full', include: FULL, ...morePatience } },
      {
        test: {
          name: 'emulated',
          include: [EMULATED],
          globalSetup: 'test/emulators/setup.ts',
          fileParallelism: false,
          ...morePatience,
          setupFiles: TEMPORARY,
        },
      },
    ],
  },
});
