import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, AttributeValue>;
type Names = Readonly<Record<string, string>>;

const plain = (value: AttributeValue | undefined): string | number | undefined =>
  value?.N === undefined ? value?.S : Number(value.N);

/** Says whether a condition of the kinds that are used here holds for an item. */
function holds(condition: string, item: Item, names: Names, values: Item): boolean {
  const text = condition.replace(/#\w+/g, (name) => names[name] ?? name);
  const script = text
    .replace(/attribute_not_exists\((\w+)\)/g, (_, name) => String(!(name in item)))
    .replace(/(\w+) (<=|<>|<|=) (:\w+)/g, (_, name, operator, value) => {
      const [left, right] = [plain(item[name]), plain(values[value])];
      if (left === undefined || right === undefined) return 'false';
      const outcome = { '<=': left <= right, '<>': left !== right, '<': left < right, '=': left === right }[
        operator as '<'
      ];
      return String(outcome);
    });
  let rest = script.replaceAll(' ', '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\((true|false)\)/g, '$1');
    rest = rest.replace(/(true|false)and(true|false)/g, (_, a, b) => String(a === 'true' && b === 'true'));
    if (before === rest)
      rest = rest.replace(/(true|false)or(true|false)/g, (_, a, b) => String(a === 'true' || b === 'true'));
  }
  if (rest !== 'true' && rest !== 'false') throw new Error(`the fake table cannot judge: ${condition} (${rest})`);
  return rest === 'true';
}

/** A table that takes conditional updates, in place of DynamoDB; a write is one step, as it is there. */
export function fakeTable(key: string) {
  const items = new Map<string, Item>();
  const client = mockClient(DynamoDBClient);
  client.on(UpdateItemCommand).callsFake((input) => {
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = input;
    const id = input.Key[key].S;
    const old = items.get(id) ?? {};
    if (input.ConditionExpression && !holds(input.ConditionExpression, old, names, values)) {
      throw new ConditionalCheckFailedException({ $metadata: {}, message: 'refused', Item: old });
    }
    const [, set = '', remove = ''] = /^(?:set (.*?))?\s*(?:remove (.*))?$/.exec(input.UpdateExpression) ?? [];
    const next = { ...old };
    for (const part of set.split(', ').filter(Boolean)) {
      const [name = '', value = ''] = part.split(' = ');
      next[names[name] ?? name] = values[value];
    }
    for (const name of remove.split(', ').filter(Boolean)) delete next[names[name] ?? name];
    items.set(id, next);
    return { Attributes: old };
  });
  return { client, items };
}

/** The table that Powertools keeps idempotency keys in: first come, first served; released by a failure. */
export function fakeIdempotencyTable(key: string) {
  const items = new Map<string, Item>();
  const client = mockClient(DynamoDBClient);
  client.on(PutItemCommand).callsFake(({ Item: item }) => {
    const known = items.get(item[key].S);
    if (known) throw new ConditionalCheckFailedException({ $metadata: {}, message: 'known', Item: known });
    items.set(item[key].S, item);
    return {};
  });
  client.on(UpdateItemCommand).callsFake((input) => {
    const item = items.get(input.Key[key].S) ?? {};
    for (const [, name, value] of input.UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)) {
      item[input.ExpressionAttributeNames[name]] = input.ExpressionAttributeValues[value];
    }
    items.set(input.Key[key].S, item);
    return {};
  });
  client.on(DeleteItemCommand).callsFake(({ Key }) => items.delete(Key[key].S) && {});
  return items;
}
