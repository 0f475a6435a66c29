import { Command, Option } from 'commander';
import type { Environment } from './environment.ts';
import { UsageError } from './errors.ts';
import { type CommonOptions, FORMATS } from './output.ts';

/** What a command's action gets beside its own arguments. */
export interface Invocation<O extends object> {
  readonly environment: Environment;
  readonly options: O & CommonOptions;
}

/** A command with the options that all have, and an example in its help. */
export function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option('--format <format>', 'how data is printed on stdout').choices(FORMATS).default('table'))
    .option('-q, --quiet', 'no progress and no notes')
    .option('-v, --verbose', 'more notes')
    .addHelpText('after', `\nExample:\n${example.replaceAll(/^/gm, '  ')}`);
}

/** `--raw DIR`. */
export const rawOption = () => new Option('--raw <dir>', 'the raw zone: one folder per dataset').default('raw');
/** `--lake DIR`. */
export const lakeOption = () => new Option('--lake <dir>', 'the lake: tables and ledger').default('lake');
/** `--as-of DATE`. */
export const asOfOption = () =>
  new Option('--as-of <date>', 'the day that answers are given for (default: today, UTC)').argParser(parseDate);

/** `--env NAME`: on AWS instead of on this machine, whose options then mean nothing. */
export const envOption = (...here: readonly string[]) =>
  new Option('--env <name>', 'on AWS instead of here: dev, uat or prod, as it is deployed').conflicts([...here]);

/** A real calendar day. @throws UsageError */
export function parseDate(text: string): string {
  const time =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new UsageError(`"${text}" is not a date; expected a real day as YYYY-MM-DD`);
  }
  return text;
}

/** A whole number of at least `min`. @throws UsageError */
export const parseCount =
  (min: number) =>
  (text: string): number => {
    const value = Number(text.replaceAll('_', ''));
    if (!Number.isSafeInteger(value) || value < min || text.trim() === '')
      throw new UsageError(`"${text}" is not a whole number of at least ${min}`);
    return value;
  };

/** A share between 0 and 1. @throws UsageError */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new UsageError(`"${text}" is not a share; expected a number from 0 to 1`);
  return value;
}

/** Today in UTC. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Yesterday in UTC. */
export const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
