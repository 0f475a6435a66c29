import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheFolder } from './cache.ts';
import { ToolError } from './errors.ts';
import { inParallel } from './in-parallel.ts';
import locked from './locks/jars.json' with { type: 'json' };
import { madeOnce } from './made-once.ts';

/** A file of a Maven repository, by `group:artifact[:packaging[:classifier]]:version`, and what its bytes must hash to. */
export interface LockedJar {
  readonly artifact: string;
  readonly sha256: string;
}

const SETS: Readonly<Record<string, readonly LockedJar[]>> = locked;
const REPOSITORY = 'https://repo1.maven.org/maven2';
const AT_ONCE = 8;

/** The paths of a set's jars in the order of `locks/jars.json`, fetched where this machine does not have them yet. */
export async function jars(set: string): Promise<string[]> {
  const wanted = SETS[set];
  if (wanted === undefined) throw new ToolError(`no set of jars ${set}: locks/jars.json has ${jarSets().join(', ')}`);
  return inParallel(AT_ONCE, wanted, fetchedJar);
}

/** The sets of jars that are locked. */
export const jarSets = (): string[] => Object.keys(SETS);

/** The version of a set's artifact (`group:name`). @throws ToolError when the set does not have it */
export function jarVersion(set: string, artifact: string): string {
  const found = SETS[set]?.find((jar) => jar.artifact.startsWith(`${artifact}:`));
  if (found === undefined) throw new ToolError(`no ${artifact} in the set ${set} of locks/jars.json`);
  return found.artifact.slice(found.artifact.lastIndexOf(':') + 1);
}

/** The path of one jar, fetched and held to its hash where this machine does not have it yet. */
export function fetchedJar(wanted: LockedJar): Promise<string> {
  const path = mavenPath(wanted.artifact);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return madeOnce(join(cacheFolder(), 'jars', wanted.sha256, name), (temporary) => fetchTo(temporary, path, wanted));
}

/** Where an artifact lies in every Maven repository. */
export function mavenPath(artifact: string): string {
  const parts = artifact.split(':');
  const [group, name, packaging, classifier] = parts.slice(0, -1);
  const version = parts.at(-1);
  if (parts.length < 3 || parts.length > 5 || !group || !name || !version)
    throw new ToolError(`${artifact}: expected group:artifact[:packaging[:classifier]]:version`);
  const file = `${name}-${version}${classifier ? `-${classifier}` : ''}.${packaging ?? 'jar'}`;
  return `${group.replaceAll('.', '/')}/${name}/${version}/${file}`;
}

async function fetchTo(file: string, path: string, wanted: LockedJar): Promise<void> {
  const url = `${process.env.LAKEHOUSE_MAVEN ?? REPOSITORY}/${path}`;
  const hash = createHash('sha256');
  try {
    const response = await fetch(url);
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } catch (error) {
    throw new ToolError(`${url} could not be fetched; is the network there? LAKEHOUSE_MAVEN names another repository`, {
      cause: error,
    });
  }
  const found = hash.digest('hex');
  if (found !== wanted.sha256) throw new ToolError(`${url}: sha256 is ${found}, the lock says ${wanted.sha256}`);
}
