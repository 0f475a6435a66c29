import { CASTS } from './casts.ts';
import { CONSTRUCTS } from './constructs.ts';
import { FUNCTIONS } from './functions.ts';
import type { Probe } from './probe.ts';
import { WINDOWS } from './windows.ts';

export type { Probe } from './probe.ts';
export { PROBE_TABLES, type ProbeTable } from './tables.ts';

/** Every probe. What of the portable core they use is what may be used. */
export const PROBES: readonly Probe[] = [...FUNCTIONS, ...CASTS, ...CONSTRUCTS, ...WINDOWS];

/** The day that `:as_of` is in probes. */
export const PROBE_DAY = '2024-03-01';
