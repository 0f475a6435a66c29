import type { DatasetTotals, Manifest, ManifestCheck } from './manifest.ts';
import type { Planting } from './plan-dirt.ts';
import type { SampleDataset } from './types.ts';

/** Notes in the manifest what is written of one dataset. */
export class Tally {
  readonly totals: DatasetTotals = {
    files_loaded: 0,
    files_duplicate: 0,
    files_left_alone: 0,
    read: 0,
    accepted: 0,
    duplicate: 0,
    superseded: 0,
    quarantined: 0,
  };
  private readonly planted: Record<string, number> = {};
  private readonly checks: readonly ManifestCheck[];
  private readonly quarantined: Manifest['quarantined'];
  private readonly refused: Manifest['refused'];

  constructor(manifest: Manifest, { name, layer, findings }: SampleDataset) {
    this.checks = findings.map(({ kind, column }) => ({
      table: `${layer ?? 'base'}.${name}`,
      kind,
      column,
      failed: 0,
    }));
    this.quarantined = manifest.quarantined;
    this.refused = manifest.refused;
    manifest.totals[name] = this.totals;
    manifest.planted[name] = this.planted;
    manifest.checks.push(...this.checks);
  }

  /** One planted record: its fate, its kind, its place, and the column that is spoilt where it is one. */
  plant(planting: Planting, path: string, record: number, column?: string): void {
    this.totals[planting.fate]++;
    this.planted[planting.name] = (this.planted[planting.name] ?? 0) + 1;
    if (planting.fate === 'quarantined') note(this.quarantined, path, planting.name, record);
    if (planting.fate === 'accepted' && 'finding' in planting) {
      const { finding } = planting;
      const check = this.checks.find((one) => one.kind === finding.kind && one.column === finding.column);
      if (check) check.failed++;
    } else if (planting.fate === 'accepted' && column !== undefined) note(this.refused, path, column, record);
  }
}

/** Notes the number of a record under its file and a word. */
function note(places: Record<string, Record<string, number[]>>, path: string, word: string, record: number): void {
  const words = places[path] ?? {};
  const records = words[word] ?? [];
  records.push(record);
  words[word] = records;
  places[path] = words;
}
