import type { LoadedDataset } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';

const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const EXTRACTED = ['$id', '$page', '$key', '$value', '$confidence'];

/** Refuses columns whose path cannot lead to a value in the dataset's records. @throws ContractError */
export function refuseBadPaths(contract: LoadedDataset, name: string): void {
  const { records } = contract;
  if (records === undefined) return;
  if (records.kind === 'xml' && !records.record.split('.').every((part) => NAME.test(part))) {
    throw new ContractError(name, `its records are at ${records.record}`, 'name elements from the root, as Root.Item');
  }
  for (const [column, { facts }] of Object.entries(contract.row)) {
    const path = facts.path ?? column;
    const problem = records.kind === 'xml' ? xmlProblem(path, records.record) : extractedProblem(path);
    if (problem !== null) throw new ContractError(name, `${column} is read from ${path}`, problem);
  }
}

function xmlProblem(path: string, record: string): string | null {
  const names = path.replace(/^\//, '').split('.');
  const last = names.pop() ?? '';
  if (!names.every((part) => NAME.test(part)) || !NAME.test(last.replace(/^@/, ''))) {
    return 'name elements, and an attribute at the end, as Party.@id';
  }
  if (!path.startsWith('/')) return null;
  const way = record.split('.');
  const leaves = names.findIndex((part, n) => part !== way[n]);
  const outside =
    leaves >= 0 ? leaves > 0 : names.length > 0 && names.length < way.length && last !== way[names.length];
  return outside ? null : `leave the way to the record (${record}) behind the root and before the record`;
}

const extractedProblem = (path: string): string | null =>
  path.startsWith('$') && !EXTRACTED.includes(path) ? `known: ${EXTRACTED.join(' ')}, or a path in the object` : null;
