import type { Clause } from '../clause.ts';

/** A table's contract in another tool's words. */
export interface ContractDocument {
  /** `base.purchase.dqdl`. */
  readonly file: string;
  readonly text: string;
  /** Clauses that the tool has no words for, by name. */
  readonly leftOut: readonly string[];
}

/** Each clause in a tool's words; null where it has none. */
export function worded<W>(clauses: readonly Clause[], word: (clause: Clause) => W | null) {
  const all = clauses.map((clause) => ({ clause, words: word(clause) }));
  return {
    words: all.flatMap(({ words }) => (words === null ? [] : [words])),
    leftOut: all.flatMap(({ clause, words }) => (words === null ? [clause.name] : [])),
  };
}
