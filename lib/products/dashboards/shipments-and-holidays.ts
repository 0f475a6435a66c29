import { dashboard, date, decimal, integer, question, showing, sum } from '../../contract/index.ts';
import { aggPublicHoliday, aggShipments } from '../orders.ts';

const shipments = showing(aggShipments);
const holidayMonths = showing(aggPublicHoliday);
const onHolidays = showing(
  question('orders-on-holidays', {
    holiday: date().describe('a day from Monday to Friday that is no working day'),
    orders: integer().describe('orders placed on it'),
    pieces: integer().describe('pieces ordered'),
    total_price: decimal(38, 2).describe('price of the orders'),
  }),
);

/** How late shipments are, and what holidays are worth. */
export const shipmentsAndHolidays = dashboard({
  name: 'shipments_and_holidays',
  product: 'orders',
  owner: 'logistics',
  description: 'Late and undelivered shipments, and orders on public holidays.',
  sheets: [
    {
      title: 'Shipments',
      filters: [shipments.since('As of', 'ingestion_date', 3)],
      charts: [
        shipments.number('Late shipments', sum('tt_late_shipments'), 'ingestion_date'),
        shipments.number('Undelivered items', sum('tt_undelivered_items'), 'ingestion_date'),
        shipments.line('Late and undelivered, as of each day', 'ingestion_date', [
          sum('tt_late_shipments'),
          sum('tt_undelivered_items'),
        ]),
      ],
    },
    {
      title: 'Public holidays',
      filters: [onHolidays.since('Holidays from', 'holiday', 24)],
      charts: [
        onHolidays.bars('Orders by holiday', 'holiday', [sum('orders')], 40),
        onHolidays.line('What they are worth', 'holiday', [sum('total_price')]),
        holidayMonths.table(
          'Orders on holidays of the year before, by month',
          { column: 'ingestion_date', order: 'highest' },
          [
            'ingestion_date',
            'tt_order_hol_jan',
            'tt_order_hol_feb',
            'tt_order_hol_mar',
            'tt_order_hol_apr',
            'tt_order_hol_may',
            'tt_order_hol_jun',
            'tt_order_hol_jul',
            'tt_order_hol_aug',
            'tt_order_hol_sep',
            'tt_order_hol_oct',
            'tt_order_hol_nov',
            'tt_order_hol_dec',
          ],
        ),
      ],
    },
  ],
});
