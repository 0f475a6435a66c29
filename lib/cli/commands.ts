import { defineCalendar } from './calendar.ts';
import { defineCompile } from './compile.ts';
import { defineContract } from './contract.ts';
import { defineCost } from './cost.ts';
import { defineDemo } from './demo.ts';
import { defineDocs } from './docs.ts';
import { defineDoctor } from './doctor.ts';
import { defineExport } from './export.ts';
import { defineFeatures } from './features.ts';
import { defineLineage } from './lineage.ts';
import type { DefineCommand } from './main.ts';
import { defineParity } from './parity.ts';
import { definePaths } from './paths.ts';
import { definePlan } from './plan.ts';
import { defineQuarantine } from './quarantine.ts';
import { defineQuery } from './query.ts';
import { defineRun } from './run.ts';
import { defineSample } from './sample.ts';
import { defineStatus } from './status.ts';
import { defineStream } from './stream.ts';
import { defineTrainingSet } from './training-set.ts';
import { defineValidate } from './validate.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [
  defineDemo,
  defineSample,
  defineCalendar,
  definePlan,
  defineRun,
  defineStream,
  defineValidate,
  defineQuery,
  defineStatus,
  defineQuarantine,
  defineLineage,
  definePaths,
  defineCompile,
  defineContract,
  defineDocs,
  defineExport,
  defineFeatures,
  defineTrainingSet,
  defineCost,
  defineParity,
  defineDoctor,
];
