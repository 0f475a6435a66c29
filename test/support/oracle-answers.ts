/** The answers of payments and orders, computed row by row: no SQL, no code of the project, money in cents. */
import { compareText, dayNumber, dayText, money, monthOfMoment, percentOf } from './oracle-values.ts';

export interface Purchase {
  readonly id: string;
  readonly timestamp: bigint;
  readonly customer_id: string | null;
  readonly merchant_id: string;
  readonly amount: bigint;
}

/** A refund or a void. */
export interface Child {
  readonly id: string;
  readonly timestamp: bigint;
  readonly parent_id: string | null;
  readonly amount: bigint;
}

export interface Payments {
  readonly purchase: readonly Purchase[];
  readonly refund: readonly Child[];
  readonly void: readonly Child[];
}

export interface Orders {
  readonly orders: readonly { readonly order_id: bigint; readonly order_date: string; readonly product_id: bigint }[];
  readonly reviews: readonly { readonly review: bigint; readonly product_id: bigint }[];
  readonly shipments: readonly {
    readonly order_id: bigint;
    readonly shipment_date: string | null;
    readonly delivery_date: string | null;
  }[];
  readonly products: readonly { readonly product_id: bigint; readonly product_name: string }[];
  readonly dates: readonly {
    readonly calendar_dt: string;
    readonly day_of_the_week_num: bigint;
    readonly working_day: boolean;
  }[];
}

/** A refund that counts, with its parent. */
export interface Counted {
  readonly refund: Child;
  readonly parent: Purchase;
}

/** Refunds of purchases that were never voided, made in another calendar month; guests' too. */
export function countedRefunds({ purchase, refund, void: voids }: Payments): Counted[] {
  const parents = new Map(purchase.map((each) => [each.id, each]));
  const voided = new Set(voids.map((each) => each.parent_id));
  const counted: Counted[] = [];
  for (const each of refund) {
    const parent = each.parent_id === null ? undefined : parents.get(each.parent_id);
    if (parent === undefined || voided.has(parent.id)) continue;
    if (monthOfMoment(parent.timestamp) === monthOfMoment(each.timestamp)) continue;
    counted.push({ refund: each, parent });
  }
  return counted;
}

/** `mart.refunds_by_customer`, sorted by customer. */
export function refundsByCustomer(payments: Payments): { customer_id: string; total_refund: string }[] {
  const totals = new Map<string, bigint>();
  for (const { refund, parent } of countedRefunds(payments)) {
    if (parent.customer_id === null) continue;
    totals.set(parent.customer_id, (totals.get(parent.customer_id) ?? 0n) + refund.amount);
  }
  return [...totals]
    .sort(([a], [b]) => compareText(a, b))
    .map(([customer_id, total]) => ({ customer_id, total_refund: money(total) }));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The same date a year before; 29 February becomes 28 February. */
function yearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`;
}

const holidaysOf = ({ dates }: Orders): ReadonlyMap<string, boolean> =>
  new Map(
    dates.map((date) => [
      date.calendar_dt,
      date.day_of_the_week_num >= 1n && date.day_of_the_week_num <= 5n && !date.working_day,
    ]),
  );

/** `mart.agg_public_holiday` for an as-of date. */
export function aggPublicHoliday(world: Orders, asOf: string): Record<string, string | bigint> {
  const holidays = holidaysOf(world);
  const counts = MONTHS.map(() => 0n);
  const [after, last] = [dayNumber(yearBefore(asOf)), dayNumber(asOf)];
  for (const { order_date } of world.orders) {
    const day = dayNumber(order_date);
    const month = Number(order_date.slice(5, 7)) - 1;
    if (day > after && day <= last && holidays.get(order_date)) counts[month] = (counts[month] ?? 0n) + 1n;
  }
  return {
    ingestion_date: asOf,
    ...Object.fromEntries(MONTHS.map((month, index) => [`tt_order_hol_${month}`, counts[index] ?? 0n])),
  };
}

interface Shipped {
  readonly early: boolean;
  readonly late: boolean;
  readonly undelivered: boolean;
}

function judgeShipment(shipment: Orders['shipments'][number], orderDate: string, asOf: string): Shipped {
  const ordered = dayNumber(orderDate);
  const left = shipment.shipment_date === null ? null : dayNumber(shipment.shipment_date);
  const arrived = shipment.delivery_date !== null;
  return {
    early: left !== null && left < ordered + 6 && arrived,
    late: left !== null && left >= ordered + 6 && !arrived,
    undelivered: left === null && !arrived && dayNumber(asOf) >= ordered + 15,
  };
}

/** `mart.agg_shipments` for an as-of date. */
export function aggShipments(world: Orders, asOf: string): Record<string, string | bigint> {
  const ordered = new Map(world.orders.map((order) => [order.order_id, order.order_date]));
  let late = 0n;
  let undelivered = 0n;
  for (const shipment of world.shipments) {
    const orderDate = ordered.get(shipment.order_id);
    if (orderDate === undefined) continue;
    const judged = judgeShipment(shipment, orderDate, asOf);
    if (judged.late) late++;
    if (judged.undelivered) undelivered++;
  }
  return { ingestion_date: asOf, tt_late_shipments: late, tt_undelivered_items: undelivered };
}

/** `mart.best_performing_product` for an as-of date: one row, or none without reviews. */
export function bestPerformingProduct(world: Orders, asOf: string): Record<string, string | bigint | boolean | null>[] {
  const stars = new Map<bigint, bigint[]>();
  for (const { review, product_id } of world.reviews) {
    const counts = stars.get(product_id) ?? [0n, 0n, 0n, 0n, 0n];
    counts[Number(review) - 1] = (counts[Number(review) - 1] ?? 0n) + 1n;
    stars.set(product_id, counts);
  }
  const points = (counts: readonly bigint[]) => counts.reduce((sum, count, at) => sum + count * BigInt(at + 1), 0n);
  let best: { product: bigint; counts: readonly bigint[] } | null = null;
  for (const [product, counts] of stars) {
    const lead = best === null ? 1n : points(counts) - points(best.counts);
    if (best === null || lead > 0n || (lead === 0n && product < best.product)) best = { product, counts };
  }
  if (best === null) return [];
  const { product, counts } = best;
  const total = counts.reduce((sum, count) => sum + count, 0n);
  const mine = world.orders.filter((order) => order.product_id === product);
  const perDay = new Map<number, number>();
  for (const { order_date } of mine) perDay.set(dayNumber(order_date), (perDay.get(dayNumber(order_date)) ?? 0) + 1);
  let busiest: number | null = null;
  for (const [day, orders] of perDay) {
    const most = busiest === null ? -1 : (perDay.get(busiest) ?? 0);
    if (busiest === null || orders > most || (orders === most && day < busiest)) busiest = day;
  }
  const ordered = new Map(mine.map((order) => [order.order_id, order.order_date]));
  let early = 0n;
  let late = 0n;
  for (const shipment of world.shipments) {
    const orderDate = ordered.get(shipment.order_id);
    if (orderDate === undefined) continue;
    const judged = judgeShipment(shipment, orderDate, asOf);
    if (judged.early) early++;
    if (judged.late) late++;
  }
  const day = busiest === null ? null : dayText(busiest);
  return [
    {
      ingestion_date: asOf,
      product_name: world.products.find((each) => each.product_id === product)?.product_name ?? null,
      most_ordered_day: day,
      is_public_holiday: day === null ? null : (holidaysOf(world).get(day) ?? null),
      tt_review_points: points(counts),
      pct_one_star_review: percentOf(counts[0] ?? 0n, total),
      pct_two_star_review: percentOf(counts[1] ?? 0n, total),
      pct_three_star_review: percentOf(counts[2] ?? 0n, total),
      pct_four_star_review: percentOf(counts[3] ?? 0n, total),
      pct_five_star_review: percentOf(counts[4] ?? 0n, total),
      pct_early_shipments: percentOf(early, early + late),
      pct_late_shipments: percentOf(late, early + late),
    },
  ];
}
