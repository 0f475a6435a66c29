import { Command, CommanderError } from 'commander';
import { withWayOut } from '../run/damaged.ts';
import type { Environment } from './environment.ts';
import { classify, EXIT } from './errors.ts';
import { visibleLines } from './visible.ts';

/** A command's definition; its work is imported when it is called, so that help and errors come at once. */
export type DefineCommand = (environment: Environment, exit: (code: number) => void) => Command;

/** Runs the command line. @returns the exit code. */
export async function main(
  argv: readonly string[],
  environment: Environment,
  commands: readonly DefineCommand[],
  version: string,
): Promise<number> {
  let code: number = EXIT.fine;
  const exit = (worse: number) => {
    code = Math.max(code, worse);
  };
  // Words that nobody reads any more (`2>&1 | head -1`) are no failure: the work goes on.
  environment.stderr.on('error', () => undefined);
  environment.stdout.on('error', () => undefined);
  // The reader of a pipe may leave early (`| head`): that says nothing of the work. A full disk does.
  environment.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    exit(EXIT.failure);
    environment.stderr.write(`lakehouse: the output could not be written: ${error.message}\n`);
  });
  const program = new Command('lakehouse')
    .description('The lakehouse on this machine: raw files in, checked answers out.')
    .version(version)
    .showHelpAfterError('(lakehouse --help lists the commands; lakehouse COMMAND --help explains one)')
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
    })
    .exitOverride();
  for (const define of commands) program.addCommand(inherit(define(environment, exit), program));
  program.addHelpText(
    'after',
    '\nStart here:\n  lakehouse demo\n  lakehouse run --raw raw --lake lake\n\nExit codes: 0 fine, 1 a handled failure, 2 usage or a crash, 130 interrupted.',
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    exit(report(error, environment));
  }
  // Whether all of it could be written is known when the last of it was.
  await new Promise<void>((resolve) => environment.stdout.write('', () => resolve()));
  return code;
}

function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  const path = [parent.name(), command.name()].join(' ').replace(/^lakehouse /, '');
  command.showHelpAfterError(`(lakehouse ${path} --help explains it)`);
  for (const part of command.commands) inherit(part, command);
  return command;
}

function report(error: unknown, environment: Environment): number {
  // Commander has printed its own message; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  const { code, known } = classify(error);
  const words = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  const message = visibleLines(withWayOut(words), false);
  environment.stderr.write(
    known
      ? `lakehouse: ${message}\n`
      : `lakehouse crashed: ${message}\nThis is a fault of the program; nothing that was published is lost. Please report it.\n`,
  );
  return code;
}
