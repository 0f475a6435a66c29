import { type Dataset, typeName, type WritePolicy } from '../contract/index.ts';
import { ContractError } from './contract-error.ts';
import { refuseBadPaths } from './record-rules.ts';

const IDENTIFIER = /^[a-z][a-z0-9_]*$/;

/** The name that SQL and people use: `base.purchase`. */
export const qualifiedName = (contract: Pick<Dataset, 'layer' | 'name'>): string =>
  `${contract.layer}.${contract.name}`;

/** Refuses contracts that contradict themselves or each other in what types cannot say. @throws ContractError */
export function refuseBadContracts(contracts: readonly Dataset[]): void {
  const seen = new Set<string>();
  for (const contract of contracts) {
    const name = qualifiedName(contract);
    if (seen.has(name)) throw new ContractError(name, 'is declared twice', 'rename one of them');
    seen.add(name);
    for (const identifier of [contract.name, contract.product, ...Object.keys(contract.row)]) {
      if (!IDENTIFIER.test(identifier)) {
        throw new ContractError(name, `the name ${identifier} is not snake_case`, 'use a-z, 0-9 and _, a letter first');
      }
    }
    if (!contract.description.startsWith('One row per ')) {
      throw new ContractError(name, `its description is "${contract.description}"`, 'begin it with "One row per "');
    }
    refuseBadGrain(contract, name);
    refuseTimelessTime(contract, name);
    if (contract.made === 'load') refuseBadPaths(contract, name);
  }
}

const POLICIES: Readonly<Record<Dataset['made'], readonly WritePolicy['kind'][]>> = {
  load: ['append', 'merge', 'keep'],
  events: ['append', 'merge_fields', 'history'],
  select: ['replace', 'merge'],
  points: ['replace'],
};

const MADE: Readonly<Record<Dataset['made'], string>> = {
  load: 'table loaded from raw files ',
  events: 'table made of events ',
  select: '',
  points: 'table of features ',
};

const CALLED: Readonly<Record<WritePolicy['kind'], string>> = {
  append: 'append()',
  merge: 'merge()',
  replace: 'replace()',
  keep: 'keep()',
  merge_fields: 'mergeFields()',
  history: 'history()',
};

/** What happened when, and what is partitioned by month or day, is a date or a moment. */
function refuseTimelessTime(contract: Dataset, name: string): void {
  const times = [
    { what: 'the event time', column: 'eventTime' in contract ? contract.eventTime : null },
    { what: `the partition by ${contract.partitionBy?.transform}`, column: contract.partitionBy?.column ?? null },
  ];
  for (const { what, column } of times) {
    const type = column === null ? null : contract.row[column]?.facts.type;
    if (type && type.kind !== 'date' && type.kind !== 'instant')
      throw new ContractError(
        name,
        `${what} is ${column}, which is ${typeName(type)}`,
        'name a date() or an instant()',
      );
  }
}

function refuseBadGrain(contract: Dataset, name: string): void {
  const keyless = contract.write.kind === 'keep';
  if (keyless !== (contract.grain.length === 0)) {
    throw new ContractError(
      name,
      keyless ? 'write: keep() has a grain' : 'the grain is empty',
      'give it a grain, or write: keep()',
    );
  }
  const policies = POLICIES[contract.made];
  if (!policies.includes(contract.write.kind)) {
    throw new ContractError(
      name,
      contract.made === 'load' && contract.write.kind === 'replace'
        ? `a ${contract.layer} table cannot be replaced by a load`
        : `a ${contract.layer} ${MADE[contract.made]}cannot be written by ${contract.write.kind}`,
      `use ${policies.map((policy) => CALLED[policy]).join(' or ')}`,
    );
  }
  const optional = contract.grain.find((column) => contract.row[column]?.facts.optional);
  if (optional)
    throw new ContractError(name, `the key column ${optional} is nullable`, 'make it required or choose another grain');
}
