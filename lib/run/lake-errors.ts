import { EngineError } from '../engines/index.ts';
import { withWayOut } from './damaged.ts';

/** Another process has the lake open for a run. */
export class LakeHeldError extends Error {
  /** Process id of the holder, where it could be learnt. */
  readonly pid: number | null;

  constructor(folder: string, pid: number | null, cause: unknown) {
    const holder = pid === null ? 'another process' : `process ${pid}`;
    super(
      `the lake ${folder} is held by ${holder}; wait for its run or query to end (lakehouse status shows a run) and try again`,
      { cause },
    );
    this.name = 'LakeHeldError';
    this.pid = pid;
  }
}

/** The lake cannot be used as it is: missing, not writable, damaged, or of another format. The message says what to do. */
export class LakeError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'LakeError';
  }
}

/** There is no lake there yet, or a first run died before it had one. */
export class NoLakeError extends LakeError {
  constructor(folder: string) {
    super(`there is no lake in ${folder}; make one with: lakehouse run --lake ${folder}`);
  }
}

// Not every message with "lock" in it: a damaged file speaks of its blocks.
const LOCK = /could not set lock|conflicting lock|being used by another process/i;

/** Says what keeps a lake from being opened. */
export function explain(folder: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EngineError && LOCK.test(message)) {
    const pid = /PID (\d+)/.exec(message)?.[1];
    return new LakeHeldError(folder, pid ? Number(pid) : null, error);
  }
  const known = withWayOut(message);
  const next = known === message ? `${message}; check the folder, its rights and the space left` : known;
  return new LakeError(`the lake ${folder} cannot be opened: ${next}`, error);
}
