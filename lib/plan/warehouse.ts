import type { Pii } from '../contract/index.ts';
import type { Plan, TablePlan } from './plan.ts';
import { bind } from './sql/bind.ts';
import { literal, quoted } from './types.ts';

/** What the warehouse is told of its environment. */
export interface WarehouseNames {
  /** The lake's catalog database of a layer. */
  readonly database: (layer: TablePlan['layer']) => string;
  /** The role that reads the lake's files for the warehouse. */
  readonly lakeRole: string;
  readonly roles: readonly { readonly name: string; readonly sees: readonly Pii[]; readonly readsBase: boolean }[];
}

/** Statements that take effect together or not at all. */
export interface WarehouseStep {
  /** What it makes: `role lakehouse_analyst`, `mart.refunds_by_customer`. */
  readonly name: string;
  readonly statements: readonly string[];
  /** That the thing is there already is no failure: the warehouse cannot be asked to make it only if missing. */
  readonly mayExist: boolean;
}

const LAYERS = ['base', 'mart', 'feature'] as const;
/** Tables that people ask are kept in the warehouse; the others are read where they lie. */
const KEPT = ['mart', 'feature'] as const;

const id = (name: string): string => quoted(name, 'redshift');
/** The schema that shows a layer of the lake. */
const lakeSchema = (layer: TablePlan['layer']): string => `lake_${layer}`;

/**
 * Everything that brings a warehouse to what the plan says, in order and safe to repeat: roles, schemas, a window on the lake's
 * layers, then each mart and feature table made anew beside the old one and put in its place, with its grants, in one transaction.
 */
export function warehouseSteps(plan: Plan, names: WarehouseNames): WarehouseStep[] {
  const kept = plan.tables.filter(({ layer }) => KEPT.some((each) => each === layer));
  const step = (name: string, ...statements: readonly string[]) => ({ name, statements, mayExist: false });
  return [
    ...names.roles.map((role) => ({ ...step(`role ${role.name}`, `create role ${id(role.name)}`), mayExist: true })),
    ...KEPT.map((layer) => step(`schema ${layer}`, `create schema if not exists ${id(layer)}`)),
    ...LAYERS.map((layer) => step(`schema ${lakeSchema(layer)}`, windowOn(layer, names))),
    step('rights on schemas', ...schemaGrants(names)),
    ...kept.map((table) => step(table.name, ...remake(table), ...tableGrants(table, names))),
  ];
}

const windowOn = (layer: TablePlan['layer'], { database, lakeRole }: WarehouseNames): string =>
  `create external schema if not exists ${lakeSchema(layer)} from data catalog database ${literal(database(layer))} iam_role ${literal(lakeRole)}`;

const schemaGrants = ({ roles }: WarehouseNames): string[] =>
  roles.flatMap((role) => [
    ...KEPT.map((layer) => `grant usage on schema ${id(layer)} to role ${id(role.name)}`),
    ...(role.readsBase
      ? LAYERS.map((layer) => `grant usage on schema ${lakeSchema(layer)} to role ${id(role.name)}`)
      : []),
  ]);

function remake(table: TablePlan): string[] {
  const bare = table.name.slice(table.name.indexOf('.') + 1);
  const [final, next] = [bare, `${bare}__next`].map((name) => `${id(table.layer)}.${id(name)}`);
  const columns = table.columns.map((column) => id(column.name)).join(', ');
  return [
    `drop table if exists ${next}`,
    bind(table.ddl.redshift, { table: () => next ?? '', asOf: null }),
    `insert into ${next} (${columns}) select ${columns} from ${lakeSchema(table.layer)}.${id(bare)}`,
    `drop table if exists ${final}`,
    `alter table ${next} rename to ${id(bare)}`,
  ];
}

/** Each role sees the columns of its classes: a role that sees all gets the table, one that sees none of it nothing. */
function tableGrants(table: TablePlan, { roles }: WarehouseNames): string[] {
  const name = table.name.split('.').map(id).join('.');
  return roles.flatMap((role) => {
    const seen = table.columns.filter((column) => role.sees.includes(column.pii));
    if (seen.length === 0) return [];
    const columns =
      seen.length === table.columns.length ? '' : ` (${seen.map((column) => id(column.name)).join(', ')})`;
    return [`grant select${columns} on ${name} to role ${id(role.name)}`];
  });
}
