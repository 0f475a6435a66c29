/** Sample data of every product: raw files of any size, the same for the same options, and a manifest of what they hold. */
export { SAMPLE_LAST_DAY } from './calendar.ts';
export { DIRT_KINDS, type DirtKind } from './dirt.ts';
export { generateSample, SampleOptionError, type SampleOptions, type SampleProgress } from './generate.ts';
export type { DatasetTotals, Manifest, ManifestCheck, ManifestFile } from './manifest.ts';
export { MANIFEST_NAME, SampleFolderError } from './old-sample.ts';
