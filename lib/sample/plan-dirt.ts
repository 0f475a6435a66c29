import { DIRT_KINDS, type DirtKind, irregularValues, struckColumns } from './dirt.ts';
import type { FileStyle, Finding, SampleDataset } from './types.ts';

/** Something planted among the clean records, and the fate that it brings: to itself, or to the record that it beats. */
export type Planting =
  | { readonly fate: 'quarantined'; readonly name: DirtKind }
  | { readonly fate: 'duplicate'; readonly name: 'duplicate_same_file' | 'duplicate_other_file' }
  | { readonly fate: 'superseded'; readonly name: 'superseded' }
  | { readonly fate: 'accepted'; readonly name: string; readonly finding: Finding }
  | { readonly fate: 'accepted'; readonly name: string; readonly irregular: number };

/** So many plantings of a kind. */
export interface Portion {
  readonly planting: Planting;
  readonly count: number;
}

/** Everything that may be planted in a dataset: refusals first, so that the last file has some of them. */
function plantings({ key, files, findings, columns }: SampleDataset): readonly Planting[] {
  const refusals = DIRT_KINDS.map((name): Planting => ({ fate: 'quarantined', name }));
  const copies: Planting[] = [
    { fate: 'duplicate', name: 'duplicate_same_file' },
    { fate: 'superseded', name: 'superseded' },
  ];
  if (files.length > 1) copies.push({ fate: 'duplicate', name: 'duplicate_other_file' });
  const found = findings.map((finding): Planting => {
    return { fate: 'accepted', name: `${finding.kind}:${finding.column}`, finding };
  });
  const irregular = columns.flatMap((column, at): Planting[] =>
    column.irregular ? [{ fate: 'accepted', name: `irregular:${column.name}`, irregular: at }] : [],
  );
  return [...refusals, ...(key === null ? [] : copies), ...found, ...irregular];
}

function fits(dataset: SampleDataset, planting: Planting, style: FileStyle): boolean {
  if (planting.fate === 'quarantined') return struckColumns(planting.name, dataset, style).length > 0;
  return !('irregular' in planting) || irregularValues(dataset, planting.irregular, style).length > 0;
}

/** The files that can hold a planting. */
function homes(dataset: SampleDataset, planting: Planting, styles: readonly FileStyle[]): readonly number[] {
  return styles.flatMap((style, file) => {
    return fits(dataset, planting, style) ? [file] : [];
  });
}

/**
 * What is planted in each file: `dirt` times the records of the dataset, at least one of each kind that its formats allow,
 * as evenly as whole numbers permit. An open quote ends its file, so that a file has one at most.
 */
export function planDirt(dataset: SampleDataset, styles: readonly FileStyle[], dirt: number): readonly Portion[][] {
  const plan: Portion[][] = styles.map(() => []);
  if (dirt === 0) return plan;
  const possible = plantings(dataset)
    .map((planting) => ({ planting, files: homes(dataset, planting, styles) }))
    .filter(({ files }) => files.length > 0);
  const wanted = Math.max(possible.length, Math.round(dataset.count * dirt));
  const single = possible.find(({ planting }) => planting.name === 'open_quote');
  const each = wanted / possible.length;
  const ends = single === undefined ? 0 : Math.min(single.files.length, Math.max(1, Math.floor(each)));
  const others = possible.filter((one) => one !== single);
  const rest = wanted - ends;
  for (const [place, { planting, files }] of [...others, ...(single ? [single] : [])].entries()) {
    const count =
      planting.name === 'open_quote'
        ? ends
        : Math.floor((rest * (place + 1)) / others.length) - Math.floor((rest * place) / others.length);
    const first = files.length - 1 - (Math.floor(place / 2) % files.length);
    for (const turn of files.keys()) {
      const file = files[(first - turn + files.length) % files.length] ?? 0;
      const portion = Math.floor(count / files.length) + (turn < count % files.length ? 1 : 0);
      if (portion > 0) plan[file]?.push({ planting, count: portion });
    }
  }
  return plan;
}

/** The plantings of a file one by one, kinds taking turns; open quotes are left out, since they come last. */
export function* inTurns(portions: readonly Portion[]): Generator<Planting> {
  const queue = portions
    .filter(({ planting }) => planting.name !== 'open_quote')
    .map(({ planting, count }) => ({ planting, left: count }));
  while (queue.some(({ left }) => left > 0)) {
    for (const entry of queue) {
      if (entry.left === 0) continue;
      entry.left--;
      yield entry.planting;
    }
  }
}
