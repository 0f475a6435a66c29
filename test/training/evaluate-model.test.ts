import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../../lib/tools/index.ts';
import { runProgram } from '../../lib/tools/run-program.ts';

const SCRIPTS = new URL('../../glue-scripts/training/', import.meta.url).pathname;

interface Judged {
  readonly labels: readonly number[];
  readonly scores: readonly number[];
}

/** What the script's functions say of some labels and scores, all in one process. */
async function skills(
  name: 'skill_of_probability' | 'skill_of_amount' | 'average_precision',
  cases: readonly Judged[],
) {
  const program = `
import json, sys
import numpy
sys.path.insert(0, sys.argv[1])
from evaluate_model import ${name} as judge
cases = json.loads(sys.argv[2])
print(json.dumps([judge(numpy.array(c["labels"], float), numpy.array(c["scores"], float)) for c in cases]))`;
  const { python } = await pythonEnvironment('training');
  const { code, stdout, stderr } = await runProgram(python, ['-c', program, SCRIPTS, JSON.stringify(cases)]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as number[];
}

/** By its definition: at each score as threshold, the precision there, weighted by the recall it adds. */
function averagePrecision({ labels, scores }: Judged): number {
  const cases = labels.filter((label) => label === 1).length;
  const thresholds = [...new Set(scores)].sort((a, b) => b - a);
  const at = thresholds.map((threshold) => {
    const taken = labels.filter((_, index) => (scores[index] ?? 0) >= threshold);
    const hits = taken.filter((label) => label === 1).length;
    return { recall: hits / cases, precision: hits / taken.length };
  });
  return at.reduce((sum, { recall, precision }, index) => sum + (recall - (at[index - 1]?.recall ?? 0)) * precision, 0);
}

const judged = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0.1, 0.2, 0.3, 0.5, 0.9)), { minLength: 2, maxLength: 40 })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2)
  .map((rows) => ({ labels: rows.map(([label]) => label), scores: rows.map(([, score]) => score) }));

describe('average precision', () => {
  it('is what its definition says, whatever the order of rows and however many scores are alike', async () => {
    const cases = fc.sample(judged, { numRuns: 300, seed: 7 });
    const found = await skills('average_precision', cases);
    for (const [index, each] of cases.entries()) expect(found[index]).toBeCloseTo(averagePrecision(each), 12);
    const turned = cases.map(({ labels, scores }) => ({
      labels: [...labels].reverse(),
      scores: [...scores].reverse(),
    }));
    expect(await skills('average_precision', turned)).toEqual(found);
  });
});

describe('skill', () => {
  const labels = [0, 0, 1, 0, 1, 0, 0, 0];
  const amounts = [3, 5, 1, 9];
  const mean = 4.5;

  it.each([
    ['skill_of_probability', 'perfect', { labels, scores: labels }, 1],
    ['skill_of_probability', 'no better than guessing', { labels, scores: labels.map(() => 0.5) }, 0],
    ['skill_of_amount', 'perfect', { labels: amounts, scores: amounts }, 1],
    ['skill_of_amount', 'no better than the mean', { labels: amounts, scores: amounts.map(() => mean) }, 0],
  ] as const)('by %s, of a model that is %s', async (name, _, each, skill) => {
    const [found] = await skills(name, [each]);
    expect(found).toBeCloseTo(skill, 12);
  });

  it('is below nothing for a model that is worse than guessing', async () => {
    const [found] = await skills('skill_of_amount', [{ labels: amounts, scores: [9, 1, 9, 1] }]);
    expect(found).toBeLessThan(0);
  });

  it.each([
    ['skill_of_probability', { labels: [1, 1], scores: [0.5, 0.6] }, /all cases, or none is/],
    ['skill_of_amount', { labels: [2, 2], scores: [1, 2] }, /all alike/],
  ] as const)('by %s is refused where labels cannot tell models apart', async (name, each, message) => {
    await expect(skills(name, [each])).rejects.toThrow(message);
  });
});
