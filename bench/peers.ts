/**
 * A first run of payments and of orders from clean CSV files, by each of `peer-commands.ts`, from its start to its end. The
 * rows of every mart are compared. `BENCH_ROWS=1000000,10000000` says the sizes, `BENCH_PRODUCTS=payments` which products,
 * `BENCH_PEERS=pandas,Polars` who runs beside this project, `BENCH_SECONDS` and `BENCH_MIB` what a run may take before it is stopped, `BENCH_SPARK_MEMORY` what Spark's
 * driver has. Needs Python and, for the Glue job, Java; makes the environments when they are not there.
 */
import { join } from 'node:path';
import { figuresOf, inTurns, measureCommand } from './command.ts';
import { table } from './measure.ts';
import { clearOutput, differences, keepAnswers, OURS, peersAsked, productsAsked } from './peer-commands.ts';
import { makeSample, type ProductName, rawOf, scratch } from './sample-data.ts';

const SIZES = (process.env.BENCH_ROWS ?? '1000000,10000000').split(',').map(Number);
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const PEERS = new Map(peersAsked());
const ANSWERS = scratch();
const [ours, theirs] = [join(ANSWERS, 'ours'), join(ANSWERS, 'theirs')];

async function sideBySide(product: ProductName, rows: number) {
  await makeSample(product, 'clean', rows);
  console.error(`\n${product}, ${rows}`);
  const found = await inTurns([...PEERS.keys()], RUNS, async (name) => {
    const peer = PEERS.get(name);
    if (peer === undefined) throw new Error(`there is no peer ${name}`);
    clearOutput();
    const taken = measureCommand(peer.run(product, rawOf(product, 'clean', rows)));
    if (taken.stopped !== null) return taken;
    await keepAnswers(peer, product, name === OURS ? ours : theirs);
    if (name === OURS) return taken;
    const wrong = (await differences(product, ours, theirs)).filter(({ lacking, more }) => lacking + more > 0);
    if (wrong.length > 0) throw new Error(`${name} has other answers: ${JSON.stringify(wrong)}`);
    return taken;
  });
  clearOutput();
  return found.map((one) => ({ product, rows, ...one }));
}

const measured: Awaited<ReturnType<typeof sideBySide>> = [];
for (const rows of SIZES) for (const product of productsAsked()) measured.push(...(await sideBySide(product, rows)));

const oursOf = ({ product, rows }: (typeof measured)[number]) =>
  measured.find((one) => one.product === product && one.rows === rows)?.cpuSeconds ?? Number.NaN;
console.log(
  `medians of at most ${RUNS} runs, each a process tree of its own; all that finished gave the same answers\n`,
);
console.log(
  table([
    ['', 'processor s', 'clock s', 'peak MiB', 'ours to theirs', ''],
    ...measured.map((one) => [
      `${one.product}, ${one.rows}: ${one.name}`,
      ...figuresOf(one),
      one.stopped === null ? (oursOf(one) / one.cpuSeconds).toFixed(2) : '',
      one.stopped ?? '',
    ]),
  ]),
);
console.log(JSON.stringify({ bench: 'peers', measured }));
