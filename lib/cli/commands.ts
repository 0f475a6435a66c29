import { defineLineage } from './lineage.ts';
import type { DefineCommand } from './main.ts';
import { definePaths } from './paths.ts';
import { defineRun } from './run.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [defineRun, definePaths, defineLineage];
