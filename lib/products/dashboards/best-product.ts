import { dashboard, decimal, highest, integer, question, showing, sum } from '../../contract/index.ts';
import { bestPerformingProduct, dimProducts, reviews } from '../orders.ts';

const best = showing(bestPerformingProduct);
const ranking = showing(
  question('best-products', {
    product_id: reviews.row.product_id,
    product_name: dimProducts.row.product_name.nullable(),
    product_category: dimProducts.row.product_category.nullable(),
    review_points: integer().describe('sum of stars'),
    reviews: integer().describe('reviews'),
    pct_five_star_review: decimal(9, 2).nullable().describe('share of five-star reviews, in percent, half up'),
  }),
);

/** Which product is reviewed best, and how it sells and ships. */
export const bestProduct = dashboard({
  name: 'best_product',
  product: 'orders',
  owner: 'sales',
  description: 'The best performing product, its reviews and shipments.',
  sheets: [
    {
      title: 'Best product',
      filters: [best.since('As of', 'ingestion_date', 3)],
      charts: [
        best.number('Review points', highest('tt_review_points'), 'ingestion_date'),
        best.number('Five stars, percent', highest('pct_five_star_review'), 'ingestion_date'),
        best.number('Late shipments, percent', highest('pct_late_shipments'), 'ingestion_date'),
        best.line('Its reviews, percent by stars', 'ingestion_date', [
          highest('pct_one_star_review'),
          highest('pct_two_star_review'),
          highest('pct_three_star_review'),
          highest('pct_four_star_review'),
          highest('pct_five_star_review'),
        ]),
        best.line('Its shipments, percent early and late', 'ingestion_date', [
          highest('pct_early_shipments'),
          highest('pct_late_shipments'),
        ]),
        best.table('The best product of each day', { column: 'ingestion_date', order: 'highest' }, [
          'ingestion_date',
          'product_name',
          'most_ordered_day',
          'tt_review_points',
        ]),
      ],
    },
    {
      title: 'Ranking',
      filters: [ranking.choice('Category', 'product_category')],
      charts: [
        ranking.bars('Review points of the ten best', 'product_name', [sum('review_points')], 10),
        ranking.table('The ten best', { column: 'review_points', order: 'highest' }, [
          'product_id',
          'product_name',
          'product_category',
          'review_points',
          'reviews',
          'pct_five_star_review',
        ]),
      ],
    },
  ],
});
