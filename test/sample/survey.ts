import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetTotals, ManifestCheck } from '../../lib/sample/index.ts';
import { compareContent, contentOfRecord, contracts, type Typed } from './judge.ts';
import { contentOf, readRecords } from './naive-read.ts';

/** What a naive reader finds in a raw folder: nothing here comes from `lib/sample`. */
export interface Survey {
  readonly totals: Record<string, DatasetTotals>;
  readonly records: Record<string, number>;
  readonly quarantined: Record<string, readonly number[]>;
  /** By path and column: records of which that field alone is refused. */
  readonly refused: Record<string, Record<string, number[]>>;
  /** Accepted rows by dataset. */
  readonly accepted: Record<string, readonly Typed[][]>;
}

const LEFT_ALONE = /(^|[/])([.]|_)|[.]tmp$/;

/** All files below a folder, relative to it, sorted. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** The fates of valid records: per key the smallest content is accepted. */
function fates(contents: readonly Typed[][], keys: readonly number[]) {
  if (keys.length === 0) return { accepted: [...contents], duplicate: 0, superseded: 0 };
  const claims = new Map<string, Typed[][]>();
  for (const content of contents) {
    const key = keys.map((at) => String(content[at])).join('|');
    claims.set(key, [...(claims.get(key) ?? []), content]);
  }
  const accepted: Typed[][] = [];
  let duplicate = 0;
  for (const claim of claims.values()) {
    const [winner = [], ...losers] = claim.toSorted(compareContent);
    accepted.push(winner);
    duplicate += losers.filter((loser) => compareContent(loser, winner) === 0).length;
  }
  return { accepted, duplicate, superseded: contents.length - accepted.length - duplicate };
}

/** Reads a raw folder record by record and judges each by the contracts. */
export async function survey(raw: string): Promise<Survey> {
  const found: Survey = { totals: {}, records: {}, quarantined: {}, refused: {}, accepted: {} };
  const paths = filesBelow(raw);
  for (const [name, contract] of contracts) {
    const own = paths.filter((path) => path.startsWith(`${name}/`));
    const readable = own.filter((path) => !LEFT_ALONE.test(path));
    const known = new Set<string>();
    const contents: Typed[][] = [];
    let read = 0;
    let quarantined = 0;
    for (const path of readable) {
      const hash = createHash('sha256')
        .update(contentOf(join(raw, path)))
        .digest('hex');
      if (known.has(hash)) continue;
      known.add(hash);
      const records = await readRecords(join(raw, path));
      const refused: number[] = [];
      for (const [place, record] of records.entries()) {
        const fields: string[] = [];
        const content = contentOfRecord(record, contract, /[.]json/.test(path), fields);
        if (content === null) refused.push(place + 1);
        else {
          contents.push(content);
          for (const field of fields) note(found.refused, path, field, place + 1);
        }
      }
      read += records.length;
      quarantined += refused.length;
      found.records[path] = records.length;
      if (refused.length > 0) found.quarantined[path] = refused;
    }
    const columns = Object.keys(contract.row);
    const keys = contract.grain.map((column) => columns.indexOf(column));
    const { accepted, duplicate, superseded } = fates(contents, keys);
    found.accepted[name] = accepted;
    found.totals[name] = {
      files_loaded: known.size,
      files_duplicate: readable.length - known.size,
      files_left_alone: own.length - readable.length,
      read,
      accepted: accepted.length,
      duplicate,
      superseded,
      quarantined,
    };
  }
  return found;
}

function note(places: Survey['refused'], path: string, field: string, record: number): void {
  const fields = places[path] ?? {};
  fields[field] = [...(fields[field] ?? []), record];
  places[path] = fields;
}

/** How many accepted rows break each check on rows of the contracts, in contract order. */
export function brokenChecks({ accepted }: Survey) {
  return [...contracts].flatMap(([name, contract]) => {
    const columns = Object.keys(contract.row);
    const rows = accepted[name] ?? [];
    return (contract.checks ?? []).flatMap((check): ManifestCheck[] => {
      if (check.kind === 'unique') {
        const shared = new Map<string, number>();
        for (const row of rows) {
          const key = check.columns.map((column) => String(row[columns.indexOf(column)])).join('|');
          shared.set(key, (shared.get(key) ?? 0) + 1);
        }
        const failed = [...shared.values()].filter((n) => n > 1).length;
        return [{ table: `${contract.layer}.${name}`, kind: check.kind, column: String(check.columns.at(-1)), failed }];
      }
      if (check.kind !== 'between' && check.kind !== 'refers_to') return [];
      const at = columns.indexOf(check.column);
      // Money is held in cents here.
      const scale = contract.row[check.column]?.facts.type.kind === 'decimal' ? 100 : 1;
      const target = new Set(check.kind === 'refers_to' ? (accepted[check.table] ?? []).map(([key]) => key) : []);
      const failed = rows.filter((row) => {
        const value = row[at] ?? null;
        if (value === null) return false;
        return check.kind === 'refers_to' ? !target.has(value) : Number(value) < Number(check.min) * scale;
      });
      return [{ table: `${contract.layer}.${name}`, kind: check.kind, column: check.column, failed: failed.length }];
    });
  });
}
