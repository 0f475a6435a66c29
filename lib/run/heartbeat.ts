import { closeSync, constants, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { lakePaths } from './lake.ts';

/** What a run says of itself while it holds the lake. */
export interface Heartbeat {
  readonly pid: number;
  readonly run_id: string;
  readonly started_at: string;
  readonly beat_at: string;
  /** What it is doing: `level 1: mart.refunds_by_customer`. */
  readonly doing: string;
}

/**
 * Writes the heartbeat in place; a reader may meet a half-written one and then reads none. Emptying the file first, as
 * `writeFile` does, makes ext4 wait for the disk: a tenth of a second a beat beside a large load.
 */
export function beat(folder: string, heartbeat: Heartbeat): void {
  const file = openSync(lakePaths(folder).heartbeat, constants.O_RDWR | constants.O_CREAT);
  try {
    ftruncateSync(file, writeSync(file, `${JSON.stringify(heartbeat)}\n`, 0));
  } finally {
    closeSync(file);
  }
}

/** Removes the heartbeat at the end of a run. */
export const stopBeating = (folder: string): void => rmSync(lakePaths(folder).heartbeat, { force: true });

/** The heartbeat of the run that holds the lake; null when there is none, or its process is gone. */
export function readHeartbeat(folder: string): Heartbeat | null {
  let heartbeat: Heartbeat | null = null;
  try {
    heartbeat = JSON.parse(readFileSync(lakePaths(folder).heartbeat, 'utf8')) as Heartbeat;
    process.kill(heartbeat.pid, 0);
    return heartbeat;
  } catch (error) {
    // No file, half a file, or no such process: nobody is running. A process of another user's is one all the same.
    return heartbeat !== null && error instanceof Error && 'code' in error && error.code === 'EPERM' ? heartbeat : null;
  }
}
