/** Positions and replenishment, event by event as a warehouse would book them: no SQL, no code of the project. */
import { compareText, dayNumber, dayOfMoment, micros } from './oracle-values.ts';

/** An inventory event as it is read; `sequence` and `quantity` exact. */
export interface InventoryEvent {
  readonly event_id: string;
  readonly location_id: string;
  readonly sku: string;
  readonly sequence: bigint;
  readonly type: string;
  readonly quantity: bigint;
  /** Microseconds. */
  readonly occurred_at: bigint;
}

/** A position as the mart has it, its time in microseconds. */
export interface Position {
  readonly location_id: string;
  readonly sku: string;
  readonly on_hand: bigint;
  readonly last_sequence: bigint;
  readonly last_event_at: bigint;
}

const SIGNS: Readonly<Record<string, bigint>> = {
  receipt: 1n,
  transfer_in: 1n,
  adjust: 1n,
  pick: -1n,
  transfer_out: -1n,
};
const byPlace = (a: { location_id: string; sku: string }, b: { location_id: string; sku: string }) =>
  compareText(a.location_id, b.location_id) || compareText(a.sku, b.sku);

/** Books events one after the other, in the order of their sequence. */
export function positions(events: readonly InventoryEvent[]): Position[] {
  const stock = new Map<string, Position>();
  const inOrder = [...events].sort((a, b) =>
    a.sequence === b.sequence ? compareText(a.event_id, b.event_id) : a.sequence < b.sequence ? -1 : 1,
  );
  for (const { location_id, sku, sequence, type, quantity, occurred_at } of inOrder) {
    const place = JSON.stringify([location_id, sku]);
    const before = stock.get(place)?.on_hand ?? 0n;
    const on_hand = type === 'count' ? quantity : before + (SIGNS[type] ?? 0n) * quantity;
    stock.set(place, { location_id, sku, on_hand, last_sequence: sequence, last_event_at: occurred_at });
  }
  return [...stock.values()].sort(byPlace);
}

/** What is to be replenished as of a day. */
export function replenishment(events: readonly InventoryEvent[], asOf: string): Record<string, string | bigint>[] {
  const today = dayNumber(asOf);
  return positions(events).flatMap(({ location_id, sku, on_hand }) => {
    let outgoing = 0n;
    for (const event of events) {
      if (event.location_id !== location_id || event.sku !== sku) continue;
      const age = today - dayNumber(dayOfMoment(event.occurred_at));
      if (['pick', 'transfer_out'].includes(event.type) && age >= 0 && age < 28) outgoing += event.quantity;
    }
    const week = outgoing / 4n + (outgoing % 4n > 0n ? 1n : 0n);
    const fortnight = outgoing / 2n + (outgoing % 2n);
    if (on_hand >= week) return [];
    return [{ location_id, sku, on_hand, outgoing, reorder_point: week, order_quantity: fortnight - on_hand }];
  });
}

/** An event as a JSON line. */
export const eventLine = (event: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify(event, (_key, value) => (typeof value === 'bigint' ? Number(value) : value))}\n`;

/** A stored row with its times as microseconds. */
export const withMoments = <T>(row: Readonly<Record<string, unknown>>, ...columns: readonly string[]): T =>
  ({ ...row, ...Object.fromEntries(columns.map((name) => [name, micros(String(row[name]))])) }) as T;
