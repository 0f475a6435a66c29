import { join } from 'node:path';
import { MissingToolError } from './errors.ts';
import { runProgram } from './run-program.ts';

const WANTED = 17;

/** The first `java` of version 17, which Glue 5.1 runs: that of `$JAVA_HOME`, else of the path. */
export async function findJava(programs: readonly string[] = usual()): Promise<string> {
  const others: string[] = [];
  for (const java of programs) {
    const { code, stderr } = await runProgram(java, ['-version']);
    const version = /version "([\d.]+)/.exec(stderr)?.[1];
    if (code !== 0 || version === undefined) continue;
    if (Number.parseInt(version, 10) === WANTED) return java;
    others.push(`${java} is ${version}`);
  }
  const found = others.length > 0 ? ` (${others.join(', ')})` : '';
  throw new MissingToolError(
    `Java ${WANTED} is not on this machine${found}: install it (Debian: openjdk-17-jdk-headless), or set JAVA_HOME to it`,
  );
}

function usual(): readonly string[] {
  const home = process.env.JAVA_HOME;
  return home ? [join(home, 'bin', 'java'), 'java'] : ['java'];
}
