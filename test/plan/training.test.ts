import { describe, expect, it } from 'vitest';
import {
  append,
  base,
  type Column,
  entity,
  feature,
  instant,
  integer,
  type Model,
  model,
  text,
} from '../../lib/contract/index.ts';
import { compile } from '../../lib/plan/compile.ts';
import { ContractError, exposureName, lineageOf } from '../../lib/plan/index.ts';

const about = { product: 'shop', owner: 'shop' } as const;

const sale = base({
  ...about,
  name: 'sale',
  description: 'One row per sale.',
  row: { id: text(), buyer: text(), at: instant(), price: integer() },
  grain: ['id'],
  eventTime: 'at',
  write: append(),
});

const features = (name: string, row: Readonly<Record<string, Column>>, time = 'seen_at') =>
  feature({
    ...about,
    name,
    description: 'One row per buyer and point in time.',
    row: { buyer: text(), [time]: instant(), ...row },
    entity: entity('buyer', 'base.sale'),
    eventTime: time,
  });

const selectOf = (column: string, time = 'seen_at') => `-- one row per buyer and point in time.
-- grain: buyer, ${time}
select p.buyer, p.${time}, ${column}
from spine.points as p
left join base.sale as s
  on s.buyer = p.buyer
  and s.at <= p.${time}
  and s._known_from <= p.${time}
group by p.buyer, p.${time}`;

const SQL = {
  'feature/habits.sql': selectOf('count(s.id) as sales'),
  'feature/tastes.sql': selectOf('max(s.id) as best'),
  'feature/hours.sql': selectOf('count(s.id) as sales', 'at_hour'),
  'analyst/points.sql': `-- one row per sale.
-- grain: id
select s.buyer, s.at as seen_at, s.price, s.id, case when s.price > 9 then 1 else 0 end as is_dear
from base.sale as s`,
};

function compiled(change: Partial<Model> = {}) {
  const declared = model({
    ...about,
    name: 'dear',
    description: 'How likely a sale is dear.',
    features: ['feature.habits'],
    points: 'points',
    label: 'is_dear',
    knows: ['price'],
    learns: 'probability',
    labelAfterDays: 7,
    skillAtLeast: 0.1,
    trained: 'weekly',
    answers: 'online',
    ...change,
  });
  const datasets = [
    sale,
    features('habits', { sales: integer() }),
    features('tastes', { best: text() }),
    features('hours', { sales: integer() }, 'at_hour'),
  ];
  return compile([{ name: 'shop', description: 'A shop.', datasets, exposures: [], models: [declared] }], SQL);
}

describe('a model', () => {
  it('learns from what its points know and from every number of its feature tables, never from a key or a label', () => {
    const [planned] = compiled().models;
    expect(planned).toMatchObject({ eventTime: 'seen_at', label: 'is_dear', inputs: ['price', 'habits_sales'] });
    expect(planned?.reads).toEqual(['base.sale']);
    expect(JSON.stringify(planned)).not.toContain('"knows"');
  });

  it('reads each feature table over its own points, by the table’s own select, on every engine', () => {
    const plan = compiled();
    const [planned] = plan.models;
    for (const engine of ['duckdb', 'spark', 'athena', 'redshift'] as const) {
      expect(planned?.trainingSet[engine]).toContain('{{base.sale}}');
      expect(planned?.trainingSet[engine]).not.toContain('{{spine.points}}');
    }
    expect(planned?.trainingSet.athena).toContain(
      'from (select distinct "buyer", "seen_at" from training_points) as p',
    );
  });

  it('stands at the end of the lineage: what its points read reaches it, so that alerts name it', () => {
    const plan = compiled();
    const names = plan.exposures.map(exposureName);
    expect(names).toEqual(['model.dear']);
    expect(plan.exposures[0]?.reads).toEqual(['base.sale', 'feature.habits']);
    expect(lineageOf(plan).vertices).toContain('model.dear');
  });

  it.each<[string, Partial<Model>, RegExp]>([
    ['points that no question gives', { points: 'nothing' }, /its points are the question nothing, .*known: points/],
    [
      'a table without features',
      { features: ['base.sale'] },
      /reads base.sale, which is no feature table; known: feature.habits/,
    ],
    [
      'a label that its points lack',
      { label: 'is_cheap' },
      /its points have no column is_cheap; select it in sql\/analyst\/points.sql/,
    ],
    ['knowledge that its points lack', { knows: ['mood'] }, /its points have no column mood/],
    [
      'a feature that is text',
      { features: ['feature.tastes'] },
      /cannot learn from feature.tastes.best, a text; make numbers of it/,
    ],
    [
      'tables with other event times',
      { features: ['feature.habits', 'feature.hours'] },
      /hours has another event time than seen_at/,
    ],
  ])('is refused with %s', (_, change, message) => {
    expect(() => compiled(change)).toThrow(ContractError);
    expect(() => compiled(change)).toThrow(message);
  });
});
