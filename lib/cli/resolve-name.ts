import { nearest } from '../plan/sql/nearest.ts';
import { UsageError } from './errors.ts';

/** Qualified names that a person may mean, by kind. */
export interface Known {
  /** What the names are, for the message: `table`. */
  readonly what: string;
  /** Qualified names (`base.purchase`), or names without a dot; where a bare name fits several groups, the first group wins. */
  readonly groups: readonly (readonly string[])[];
}

const bare = (name: string): string => name.slice(name.indexOf('.') + 1);

/**
 * The one name that is meant: a qualified name as it is, a bare one (`purchase`) where only one fits. Case does not matter.
 * @throws UsageError when none or several fit; it names the candidates.
 */
export function resolveName(asked: string, { what, groups }: Known): string {
  const wanted = asked.trim().toLowerCase();
  const all = groups.flat();
  if (all.includes(wanted)) return wanted;
  for (const group of groups) {
    const fitting = group.filter((name) => bare(name) === wanted).sort();
    const [only, ...others] = fitting;
    if (only === undefined) continue;
    if (others.length === 0) return only;
    throw new UsageError(`several are called ${asked}: write ${fitting.join(' or ')}`);
  }
  throw new UsageError(`there is no ${what} ${asked}. ${nearest(wanted, all)}`);
}

/** The one thing that a name means, of things that have names. @throws UsageError */
export function pick<T extends { readonly name: string }>(asked: string, what: string, all: readonly T[]): T {
  const name = resolveName(asked, { what, groups: [all.map((each) => each.name)] });
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new UsageError(`there is no ${what} ${asked}`);
  return found;
}
