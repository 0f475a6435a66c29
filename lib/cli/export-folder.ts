import { randomUUID } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { CommandFailedError } from './errors.ts';

/** Lists what an export wrote, so that the next one knows what it may replace. Hidden: engines and crawlers pass it by. */
const MANIFEST = '.export.json';

const PREFIX = `.tmp-export-${hostname().replaceAll(/[^A-Za-z0-9]/g, '_')}-`;

/**
 * A folder of exports, one folder a table. Everything is written beside, into a `.tmp-export-…` folder of this process,
 * and renamed at the end: a killed export leaves no half table. What this program did not write is never removed.
 */
export class ExportFolder {
  readonly #root: string;
  readonly #beside: string;

  /** @throws CommandFailedError never; system errors when the folder cannot be made. */
  constructor(root: string) {
    mkdirSync(root, { recursive: true });
    this.#root = root;
    clearStale(root);
    this.#beside = join(root, `${PREFIX}${process.pid}-${randomUUID().slice(0, 8)}`);
    mkdirSync(this.#beside);
  }

  /** Where a table's files will stand: `mart.refunds_by_customer` in `mart/refunds_by_customer`. */
  pathOf(table: string): string {
    return join(this.#root, ...table.split('.'));
  }

  /** For files of the engine that live no longer than the export. */
  get scratch(): string {
    return join(this.#beside, 'engine');
  }

  /** The folder to write a table's files into. @throws CommandFailedError when foreign files stand where they would go. */
  begin(table: string): string {
    refuseForeign(this.pathOf(table));
    const folder = join(this.#beside, 'new', ...table.split('.'));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Puts the tables that were begun in place of their earlier exports. */
  publish(tables: readonly string[]): void {
    for (const table of tables) {
      const [fresh, target] = [join(this.#beside, 'new', ...table.split('.')), this.pathOf(table)];
      writeFileSync(join(fresh, MANIFEST), `${JSON.stringify({ table, files: filesIn(fresh) }, null, 2)}\n`);
      refuseForeign(target);
      const old = join(this.#beside, 'old', ...table.split('.'));
      for (const folder of [dirname(old), dirname(target)]) mkdirSync(folder, { recursive: true });
      if (existsSync(target)) renameSync(target, old);
      renameSync(fresh, target);
    }
  }

  /** Removes what stands beside; after a failure half way an earlier export goes back to its place. */
  end(): void {
    discard(this.#root, this.#beside);
  }
}

/** @throws CommandFailedError where exports would stand in the raw zone: a run would read them as deliveries. */
export function refuseRawZone(out: string, raw: string): void {
  const [target, zone] = [realPath(out), realPath(raw)];
  if (target === zone || target.startsWith(`${zone}${sep}`))
    throw new CommandFailedError(
      `${out} is in the raw zone ${raw}, where a run would read exports as deliveries; name another --out`,
    );
}

/** A path with the links of what there is of it followed. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  return join(realPath(dirname(whole)), basename(whole));
}

/** All files below a folder, relative to it, sorted. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function refuseForeign(target: string): void {
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (!found) return;
  const way = 'move it away, or name another --out';
  if (!found.isDirectory()) throw new CommandFailedError(`${target} is not a folder; ${way}`);
  const ours = new Set([MANIFEST, ...writtenBefore(target)]);
  const foreign = filesIn(target).find((file) => !ours.has(file));
  if (foreign !== undefined)
    throw new CommandFailedError(`${join(target, foreign)} was not written by an export and would be lost; ${way}`);
}

/** The files that the export in this folder wrote; none when there is no manifest that can be read. */
function writtenBefore(target: string): readonly string[] {
  try {
    const { files } = JSON.parse(readFileSync(join(target, MANIFEST), 'utf8')) as { files?: unknown };
    return Array.isArray(files) ? files.map(String) : [];
  } catch {
    // No manifest, or not ours: then nothing here is known to be ours.
    return [];
  }
}

/** Removes what exports of this machine that died left behind. Another machine's processes cannot be asked, so theirs stay. */
function clearStale(root: string): void {
  for (const name of readdirSync(root).filter((each) => each.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(pid)) discard(root, join(root, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // No rights to signal it means that it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Removes a folder beside. An earlier export in it whose place is empty was on its way out: it goes back first. */
function discard(root: string, beside: string): void {
  const old = join(beside, 'old');
  for (const layer of existsSync(old) ? readdirSync(old) : []) {
    for (const table of readdirSync(join(old, layer))) {
      const target = join(root, layer, table);
      if (!existsSync(target)) renameSync(join(old, layer, table), target);
    }
  }
  rmSync(beside, { recursive: true, force: true });
}
