import { dashboard, integer, question, showing, sum } from '../../contract/index.ts';
import { inventoryPosition } from '../inventory.ts';

const position = inventoryPosition.row;
const byLocation = showing(
  question('stock-by-location', {
    location_id: position.location_id,
    skus: integer().describe('SKUs that it holds or held'),
    on_hand: integer().describe('pieces on hand'),
    out_of_stock: integer().describe('SKUs at zero'),
    below_zero: integer().describe('SKUs below zero'),
  }),
);
const belowZero = showing(
  question('negative-stock', {
    location_id: position.location_id,
    sku: position.sku,
    on_hand: position.on_hand,
    last_sequence: position.last_sequence,
    last_event_at: position.last_event_at,
  }),
);

/** What is where, and where that cannot be. */
export const stock = dashboard({
  name: 'stock',
  product: 'inventory',
  owner: 'fulfilment',
  description: 'Stock by location and SKU, and where it is below zero.',
  sheets: [
    {
      title: 'Stock',
      filters: [byLocation.choice('Location', 'location_id')],
      charts: [
        byLocation.number('Pieces on hand', sum('on_hand')),
        byLocation.number('SKUs out of stock', sum('out_of_stock')),
        byLocation.number('SKUs below zero', sum('below_zero')),
        byLocation.bars('Pieces by location', 'location_id', [sum('on_hand')]),
        byLocation.bars('Out of stock and below zero', 'location_id', [sum('out_of_stock'), sum('below_zero')]),
        belowZero.table('Below zero: picked and never booked in', { column: 'on_hand', order: 'lowest' }, [
          'location_id',
          'sku',
          'on_hand',
          'last_event_at',
        ]),
      ],
    },
  ],
});
