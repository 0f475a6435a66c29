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

  constructor(manifest: Manifest, { name, findings }: SampleDataset) {
    this.checks = findings.map(({ kind, column }) => ({ table: `base.${name}`, kind, column, failed: 0 }));
    this.quarantined = manifest.quarantined;
    manifest.totals[name] = this.totals;
    manifest.planted[name] = this.planted;
    manifest.checks.push(...this.checks);
  }

  /** One planted record: its fate, its kind, its place. */
  plant(planting: Planting, path: string, record: number): void {
    this.totals[planting.fate]++;
    this.planted[planting.name] = (this.planted[planting.name] ?? 0) + 1;
    if (planting.fate === 'quarantined') this.refuse(planting.name, path, record);
    if (planting.fate === 'accepted') {
      const { kind, column } = planting.finding;
      const check = this.checks.find((one) => one.kind === kind && one.column === column);
      if (check) check.failed++;
    }
  }

  private refuse(kind: string, path: string, record: number): void {
    const kinds = this.quarantined[path] ?? {};
    const records = kinds[kind] ?? [];
    records.push(record);
    kinds[kind] = records;
    this.quarantined[path] = kinds;
  }
}
