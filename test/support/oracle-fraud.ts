/** Features of cards by brute force: for each point, look at every transaction and ask what was known. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A card transaction as it happened, and the day on which its file arrived. Times are milliseconds. */
export interface Transaction {
  readonly transaction_id: string;
  readonly card_id: string;
  readonly customer_id: string;
  readonly merchant_id: string;
  readonly merchant_country: string;
  readonly cents: number;
  readonly at: number;
  readonly kind: 'purchase' | 'refund';
  readonly arrived: string;
}

/** A chargeback, and the day on which its file arrived. */
export interface Dispute {
  readonly chargeback_id: string;
  readonly transaction_id: string;
  readonly at: number;
  readonly arrived: string;
}

/** Everything that ever happened. */
export interface World {
  readonly transactions: readonly Transaction[];
  readonly disputes: readonly Dispute[];
}

/** A row of features: whole numbers, cents, a share in hundredths of a percent, a ratio in ten-thousandths; null when empty. */
export type Features = Readonly<Record<string, number | null>>;

const knownBy = (time: number) => (row: { at: number; arrived: string }) =>
  row.at <= time && Date.parse(`${row.arrived}T00:00:00Z`) + DAY <= time;

/** What was known of a card, or of a customer's cards, at a moment. */
export function featuresOf(world: World, by: 'card_id' | 'customer_id', entity: string, time: number): Features {
  const history = world.transactions.filter((row) => row[by] === entity).filter(knownBy(time));
  const within = (length: number) => history.filter((row) => row.at > time - length);
  const purchases = (length: number) => within(length).filter((row) => row.kind === 'purchase');
  const spent = (length: number) => purchases(length).reduce((sum, row) => sum + row.cents, 0);
  const usual = purchases(90 * DAY).filter((row) => row.at <= time - DAY && row.cents > 0);
  const largest = purchases(DAY).reduce<number | null>((most, row) => Math.max(most ?? row.cents, row.cents), null);
  const usualSum = usual.reduce((sum, row) => sum + row.cents, 0);
  const lately = within(30 * DAY);
  const refunds = lately.filter((row) => row.kind === 'refund').length;
  const known = new Set(history.map((row) => row.transaction_id));
  const disputed = world.disputes
    .filter(knownBy(time))
    .filter((row) => row.at > time - 90 * DAY && known.has(row.transaction_id));
  return {
    purchases_1h: purchases(HOUR).length,
    purchases_24h: purchases(DAY).length,
    purchases_7d: purchases(7 * DAY).length,
    purchases_30d: purchases(30 * DAY).length,
    amount_1h: spent(HOUR),
    amount_24h: spent(DAY),
    amount_7d: spent(7 * DAY),
    amount_30d: spent(30 * DAY),
    amount_to_usual:
      largest === null || usualSum === 0 ? null : Math.round((largest * usual.length * 10_000) / usualSum),
    new_merchants_7d: firstSeen(history, 'merchant_id', time - 7 * DAY),
    new_countries_7d: firstSeen(history, 'merchant_country', time - 7 * DAY),
    refunds_30d: refunds,
    refund_share_30d: lately.length === 0 ? null : Math.floor((20_000 * refunds + lately.length) / (2 * lately.length)),
    disputed_90d: new Set(disputed.map((row) => row.transaction_id)).size,
    ...(by === 'customer_id' ? { cards_24h: new Set(within(DAY).map((row) => row.card_id)).size } : {}),
  };
}

/** How many values of a column first occur after `from`. */
function firstSeen(history: readonly Transaction[], column: 'merchant_id' | 'merchant_country', from: number): number {
  const before = new Set(history.filter((row) => row.at <= from).map((row) => row[column]));
  return [...new Set(history.map((row) => row[column]))].filter((value) => !before.has(value)).length;
}

/** The raw files of a world: JSON lines, a folder a day. */
export function rawFiles({ transactions, disputes }: World): Record<string, string> {
  const files: Record<string, string> = {};
  const put = (dataset: string, arrived: string, record: object) => {
    const path = `${dataset}/dt=${arrived}/part.jsonl`;
    files[path] = `${files[path] ?? ''}${JSON.stringify(record)}\n`;
  };
  // JSON.stringify writes 100.50 as 100.5, which is the same number.
  for (const { cents, at, arrived, ...rest } of transactions)
    put('card_transaction', arrived, { ...rest, amount: cents / 100, timestamp: new Date(at).toISOString() });
  for (const { at, arrived, ...rest } of disputes)
    put('chargeback', arrived, { ...rest, reported_at: new Date(at).toISOString(), reason: 'fraud' });
  return files;
}
