/** What became of the records and files of a dataset when all files are loaded in one run. */
export interface DatasetTotals {
  files_loaded: number;
  files_duplicate: number;
  files_left_alone: number;
  /** `read = accepted + duplicate + superseded + quarantined`. */
  read: number;
  accepted: number;
  duplicate: number;
  superseded: number;
  quarantined: number;
}

/** A file of the sample that a run sees. */
export interface ManifestFile {
  /** Relative to the folder of the sample, with `/`. */
  readonly path: string;
  readonly dataset: string;
  /** Records in it, of whatever fate; a duplicate file is not read. */
  readonly records: number;
  readonly status: 'loaded' | 'duplicate';
  /** Columns that no contract has: reported and ignored. */
  readonly extra_columns: readonly string[];
}

/** How many accepted rows break a check on rows. Checks that nothing breaks are listed too. */
export interface ManifestCheck {
  readonly table: string;
  readonly kind: 'between' | 'refers_to' | 'unique';
  readonly column: string;
  failed: number;
}

/** What a sample holds, and what a single run over all of it must find. Written as `_manifest.json`. */
export interface Manifest {
  readonly format: 1;
  /** False while the sample is being written. */
  complete: boolean;
  readonly options: {
    readonly rows: number;
    readonly seed: number;
    readonly dirt: number;
    readonly days: number;
    readonly plain: boolean;
  };
  readonly last_day: string;
  /** By dataset. */
  readonly totals: Record<string, DatasetTotals>;
  readonly checks: ManifestCheck[];
  /** By dataset, then kind: how many were planted. Deliveries of fuller shipments are no dirt, so they are not here. */
  readonly planted: Record<string, Record<string, number>>;
  readonly files: ManifestFile[];
  /** Files in the folders of datasets that a run must not read. */
  readonly left_alone: string[];
  /** By path, then kind: the numbers of the quarantined records, from 1, headers and blank lines not counted. */
  readonly quarantined: Record<string, Record<string, number[]>>;
  /** By path, then column: the numbers of accepted records of which that field is refused by itself. */
  readonly refused: Record<string, Record<string, number[]>>;
}

/** The manifest as JSON, one entry a line: complete, and still compact when a sample is large. */
export function manifestText(manifest: Manifest): string {
  const member = (key: string, value: unknown): string => {
    if (typeof value !== 'object' || value === null) return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const lines = Array.isArray(value)
      ? value.map((entry) => JSON.stringify(entry))
      : Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    const body = lines.map((line) => `    ${line}`).join(',\n');
    return `${JSON.stringify(key)}: ${open}${lines.length === 0 ? '' : `\n${body}\n  `}${close}`;
  };
  return `{\n${Object.entries(manifest)
    .map(([key, value]) => `  ${member(key, value)}`)
    .join(',\n')}\n}\n`;
}
