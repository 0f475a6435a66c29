import { MissingToolError } from './errors.ts';
import { runProgram } from './run-program.ts';

/** A Python interpreter of this machine. */
export interface Python {
  readonly executable: string;
  readonly version: string;
}

/** Glue's own version first; the locks resolve for the others too. */
const MINORS = [11, 12, 13];
const NAMES = [...MINORS.map((minor) => `python3.${minor}`), 'python3', 'python'];
const TELL = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';

/** The first Python 3.11 to 3.13 of `$LAKEHOUSE_PYTHON` and the usual names. */
export async function findPython(names: readonly string[] = preferred()): Promise<Python> {
  const others: string[] = [];
  for (const name of names) {
    const { code, stdout } = await runProgram(name, ['-c', TELL]);
    const [executable, version] = stdout.trim().split(/\r?\n/);
    if (code !== 0 || executable === undefined || version === undefined) continue;
    if (MINORS.some((minor) => version.startsWith(`3.${minor}.`))) return { executable, version };
    others.push(`${name} is ${version}`);
  }
  const found = others.length > 0 ? ` (${others.join(', ')})` : '';
  throw new MissingToolError(
    `Python 3.11, 3.12 or 3.13 is not on this machine${found}: install one with its venv module (Debian: python3 python3-venv), or set LAKEHOUSE_PYTHON to it`,
  );
}

function preferred(): readonly string[] {
  const named = process.env.LAKEHOUSE_PYTHON;
  return named ? [named] : NAMES;
}
