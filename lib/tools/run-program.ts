import { execFile } from 'node:child_process';

/** What a program that ended said. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. A program that is not there ends with 127. */
export function runProgram(
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    execFile(program, [...args], { env: { ...variables }, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr });
    });
  });
}
