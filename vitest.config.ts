import { defineConfig } from 'vitest/config';

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
  'test/engines',
  'test/validators',
  'test/emulators',
].map((folder) => `${folder}/**/*.test.ts`);

const patience = { testTimeout: 180_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: FULL, ...patience } },
      { test: { name: 'full', include: FULL, ...patience } },
    ],
  },
});
