/** Exit codes of every command. */
export const EXIT = { fine: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The command was called wrongly: an unknown name, a bad date. Exit 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The command could not do what was asked, for a reason that it can say. Exit 1. */
export class CommandFailedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'CommandFailedError';
  }
}

/** Errors that are the caller's words. */
const USAGE = new Set([
  'EnvironmentError',
  'UsageError',
  'StreamDatasetError',
  'UnknownNameError',
  'UnknownPlaceError',
  'SampleOptionError',
]);

/** Errors that are known to happen and say what to do. Everything else is a crash. */
const FAILURES = new Set([
  'AwsError',
  'ChangeRefusedError',
  'CommandFailedError',
  'ContractError',
  'CycleError',
  'EndlessLineError',
  'EngineError',
  'InvalidGraphError',
  'LakeError',
  'LakeHeldError',
  'LawBrokenError',
  'MissingToolError',
  'ModelError',
  'SampleFolderError',
  'SpineError',
  'SqlError',
  'ToolError',
  'UnknownVertexError',
  'UnreadableFolder',
]);

/** System errors that a person can mend: rights, space, a missing folder. */
const SYSTEM = new Set([
  'EACCES',
  'EDQUOT',
  'EEXIST',
  'EFBIG',
  'EISDIR',
  'EMFILE',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/** The exit code of an error, and whether it is known (its message is enough) or a crash (its stack is wanted). */
export function classify(error: unknown): { readonly code: number; readonly known: boolean } {
  if (!(error instanceof Error)) return { code: EXIT.usage, known: false };
  if (error.name === 'RunFailedError') return classify(error.cause);
  if (USAGE.has(error.name)) return { code: EXIT.usage, known: true };
  const system = 'code' in error && typeof error.code === 'string' && SYSTEM.has(error.code);
  if (system || FAILURES.has(error.name)) return { code: EXIT.failure, known: true };
  return { code: EXIT.usage, known: false };
}
