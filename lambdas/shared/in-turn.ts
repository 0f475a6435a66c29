/** Does some work for every item, a few at a time. The first failure ends it, once what runs is through. */
export async function inTurn<Item>(
  items: readonly Item[],
  sideBySide: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined && failures.length === 0; item = rest.shift()) {
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  if (failures.length > 0) throw failures[0];
}
