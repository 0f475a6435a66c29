/**
 * The runs of `peers.ts` over files with one per cent of dirt of every kind: who goes on, by whose word, and to which
 * answers. This project's answers are the measure; `npm test` holds them against what the sample says it planted.
 * dbt, Polars and pandas run as written for clean files and then, where they stop, made lenient as practitioners do.
 */
import { join } from 'node:path';
import { lastLines, taken } from './command.ts';
import { table } from './measure.ts';
import {
  clearOutput,
  type Difference,
  differences,
  keepAnswers,
  OURS,
  type Peer,
  peersAsked,
  productsAsked,
} from './peer-commands.ts';
import { makeSample, type ProductName, rawOf, scratch } from './sample-data.ts';

const SIZES = (process.env.BENCH_ROWS ?? '1000000').split(',').map(Number);
const ANSWERS = scratch();
const [ours, theirs] = [join(ANSWERS, 'ours'), join(ANSWERS, 'theirs')];
/** Its fates and answers are held to ours by tests, dirt of every kind included. */
const GLUE_JOB = 'Glue job';

interface Contender {
  readonly name: string;
  readonly peer: Peer;
  readonly command: Peer['run'];
}

const CONTENDERS: readonly Contender[] = peersAsked()
  .filter(([name]) => name !== GLUE_JOB)
  .flatMap(([name, peer]) => [
    { name, peer, command: peer.run },
    ...(peer.lenient === null ? [] : [{ name: `${name}, lenient`, peer, command: peer.lenient }]),
  ]);

/** Runs one, and says in words what became of it. */
async function overDirt({ name, peer, command }: Contender, product: ProductName, rows: number) {
  clearOutput();
  const run = taken(command(product, rawOf(product, 'dirty', rows)));
  const { stopped, code, cpuSeconds, peakMiB } = run;
  const outcome = async () => {
    if (stopped !== null) return stopped;
    // Exit 1 of ours says that somebody must look; what it made is published.
    if (code !== 0 && name !== OURS) return `fails: ${reasonOf(run.output)}`;
    await keepAnswers(peer, product, name === OURS ? ours : theirs);
    return name === OURS ? 'the measure' : inWords(await differences(product, ours, theirs));
  };
  const found = { name, cpuSeconds, peakMiB, outcome: await outcome() };
  console.error(`${product}, ${rows}: ${name}: ${found.outcome}`);
  return found;
}

function inWords(all: readonly Difference[]): string {
  const wrong = all.filter(({ lacking, more }) => lacking + more > 0);
  const words = wrong.map(
    ({ mart, rows, lacking, more }) => `${mart}: of ${rows} rows ${lacking} missing, ${more} others`,
  );
  return words.join('; ') || 'the same answers';
}

/** The last line of a long complaint that names the fault. */
const reasonOf = (output: string): string =>
  (output.split('\n').findLast((line) => line.includes('Error: ')) ?? lastLines(output)).trim().slice(0, 120);

for (const rows of SIZES) {
  for (const product of productsAsked()) {
    await makeSample(product, 'dirty', rows);
    const found: Awaited<ReturnType<typeof overDirt>>[] = [];
    for (const contender of CONTENDERS) found.push(await overDirt(contender, product, rows));
    const lines = found.map(({ name, cpuSeconds, peakMiB, outcome }) => [
      name,
      cpuSeconds.toFixed(1),
      peakMiB.toFixed(0),
      ` ${outcome}`,
    ]);
    console.log(`\n${product}, ${rows}, 1 % dirt\n\n${table([['', 'processor s', 'peak MiB', ''], ...lines])}`);
    console.log(JSON.stringify({ bench: 'dirty-peers', product, rows, found }));
  }
}
clearOutput();
