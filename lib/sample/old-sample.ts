import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The manifest's file name; the leading underscore keeps runs away from it. */
export const MANIFEST_NAME = '_manifest.json';

/** The folder holds files that no sample wrote. */
export class SampleFolderError extends Error {
  readonly folder: string;

  constructor(folder: string, found: string, options?: ErrorOptions) {
    super(`sample: ${folder} ${found}; empty it or choose another folder`, options);
    this.name = 'SampleFolderError';
    this.folder = folder;
  }
}

/** Removes exactly the files that an earlier sample listed; refuses a folder with anything else and no manifest. */
export async function clearOldSample(out: string): Promise<void> {
  const present = await readdir(out);
  if (present.length === 0) return;
  if (!present.includes(MANIFEST_NAME)) throw new SampleFolderError(out, `is not empty (it has ${present[0]})`);
  const text = await readFile(join(out, MANIFEST_NAME), 'utf8');
  for (const path of listedFiles(text, out)) await rm(join(out, path), { force: true });
  await rm(join(out, MANIFEST_NAME));
}

function listedFiles(text: string, out: string): readonly string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new SampleFolderError(out, `has a ${MANIFEST_NAME} that is no JSON`, { cause });
  }
  const entries = (key: string): readonly unknown[] => {
    const list = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, key) : null;
    return Array.isArray(list) ? list : [];
  };
  const paths = [
    ...entries('left_alone'),
    ...entries('files').map((file) => (typeof file === 'object' && file !== null ? Reflect.get(file, 'path') : null)),
  ];
  // Only paths as samples write them: nothing outside the folder, whatever the manifest says.
  return paths.filter(
    (path): path is string => typeof path === 'string' && /^[a-z_]+\/dt=[^/]+\//.test(path) && !path.includes('..'),
  );
}
