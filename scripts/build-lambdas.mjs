// Bundles each lambdas/<verb-noun>/handler.ts to <dist>/lambdas/<verb-noun>/index.mjs, with the plan beside those that read one.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../lambdas/', import.meta.url));

/** Left to the runtime: the SDK is there. Left to `package-engine`: the engine's native binding belongs to a platform. */
const EXTERNAL = ['@aws-sdk/*', '@smithy/*', '@duckdb/*'];

/** Bundled CommonJS modules ask for `require`, which a module does not have. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);";

/** zod brings its messages in forty languages, which are half of a bundle; ours are read in English. */
const oneLanguage = {
  name: 'one-language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    })),
};

/** The names of the Lambdas: the folders that have a handler. */
export const lambdaNames = () =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'handler.ts')))
    .sort();

/** Bundles every Lambda into `dist`, which holds `plan.json`. */
export async function buildLambdas(dist) {
  const names = lambdaNames();
  const result = await build({
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, join(folder, name, 'handler.ts')])),
    outdir: join(dist, 'lambdas'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What Node 24 runs there, Node 20 runs in tests.
    target: 'node20',
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    external: EXTERNAL,
    mainFields: ['module', 'main'],
    plugins: [oneLanguage],
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'warning',
  });
  const whole = join(dist, 'plan.json');
  const forAws = planForAws(readFileSync(whole, 'utf8'));
  for (const [file, { inputs }] of Object.entries(result.metafile.outputs)) {
    const reads = (module) => Object.keys(inputs).some((input) => input.endsWith(module));
    const beside = join(file, '../plan.json');
    if (!reads('lambdas/shared/read-plan.ts')) continue;
    if (reads('lib/engines/duckdb.ts')) copyFileSync(whole, beside);
    else writeFileSync(beside, forAws);
  }
}

/** The plan without the words of engines that such a Lambda never speaks to: half of it. */
const planForAws = (plan) =>
  JSON.stringify(JSON.parse(plan, (key, value) => (['duckdb', 'spark'].includes(key) ? undefined : value)));
