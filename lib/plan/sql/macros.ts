import type { Engine } from './engine.ts';
import { applyEdits, type Edit, significant, type Token, tokenize } from './tokens.ts';

/** A function of the plan, or one that an engine spells otherwise: we write its text, no transpiler touches it. */
export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  /** One sentence of meaning, for the docs. */
  readonly says: string;
  /** True when each argument must be a column: the expansion repeats it, and an aggregate would be computed again. */
  readonly columnsOnly: boolean;
  /** The expansion per engine; an engine that is missing knows the name itself. */
  readonly expand: { readonly [E in Engine]?: (args: readonly string[]) => string };
}

/**
 * Half up in whole numbers: floor((20000 a + b) / (2 b)) hundredths of a percent. `divide` must cut towards zero, so a
 * negative part goes through floor(n / m) = -((m - 1 - n) / m). Exact while 20000 a + 2 b fits 64 bits: |a| < 4.6e14.
 */
function percent(divide: string, wide: string, [part = '', whole = '']: readonly string[]): string {
  const a = `cast(${part} as ${wide})`;
  const b = `cast(${whole} as ${wide})`;
  const up = `(20000 * ${a} + ${b}) ${divide} (2 * ${b})`;
  const down = `-((${b} - 1 - 20000 * ${a}) ${divide} (2 * ${b}))`;
  const hundredths = `case when ${part} >= 0 then ${up} else ${down} end`;
  return `case when ${whole} > 0 then cast((${hundredths}) * 0.01 as decimal(9, 2)) end`;
}

const datePart = (field: string) => ({
  redshift: ([of = '']: readonly string[]) => `cast(extract(${field} from ${of}) as bigint)`,
});

const NULLS_BEHIND = ([value = '']: readonly string[]) => `last_value(${value}) ignore nulls`;

/** Every macro. A new one is an entry here and a line in the tests. */
export const MACROS: readonly Macro[] = [
  {
    name: 'percent',
    parameters: ['part', 'whole'],
    says: 'Part of whole in percent as decimal(9,2), half up; both whole numbers; null unless whole is above 0.',
    columnsOnly: true,
    expand: {
      duckdb: (args) => percent('//', 'bigint', args),
      spark: (args) => percent('div', 'bigint', args),
      athena: (args) => percent('/', 'bigint', args),
      redshift: (args) => percent('/', 'bigint', args),
    },
  },
  {
    name: 'last_known',
    parameters: ['value'],
    says: 'The last value that is not null among the rows of its window; wants over (… order by … rows …).',
    columnsOnly: true,
    expand: {
      duckdb: ([value = '']) => `last_value(${value} ignore nulls)`,
      spark: ([value = '']) => `last_value(${value}, true)`,
      athena: NULLS_BEHIND,
      redshift: NULLS_BEHIND,
    },
  },
  {
    name: 'instant_text',
    parameters: ['moment'],
    says: 'A timestamp as YYYY-MM-DD HH:MM:SS.ffffff, six digits always.',
    columnsOnly: false,
    expand: {
      duckdb: ([moment = '']) => `strftime(${moment}, '%Y-%m-%d %H:%M:%S.%f')`,
      spark: ([moment = '']) => `date_format(${moment}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')`,
      athena: ([moment = '']) => `cast(cast(${moment} as timestamp(6)) as varchar)`,
      redshift: ([moment = '']) => `to_char(${moment}, 'YYYY-MM-DD HH24:MI:SS.US')`,
    },
  },
  {
    name: 'hash_key',
    parameters: ['content'],
    says: 'SHA-256 of a text (UTF-8) as 64 hexadecimal digits, lower case: a key made of content.',
    columnsOnly: false,
    expand: {
      duckdb: ([content = '']) => `sha256(${content})`,
      spark: ([content = '']) => `sha2(${content}, 256)`,
      athena: ([content = '']) => `lower(to_hex(sha256(to_utf8(${content}))))`,
      redshift: ([content = '']) => `sha2(${content}, 256)`,
    },
  },
  ...(['year', 'month', 'day', 'hour'] as const).map((field) => ({
    name: field,
    parameters: ['moment'],
    says: `The ${field} of a date or timestamp as a whole number.`,
    columnsOnly: false,
    expand: datePart(field),
  })),
];

const BY_NAME: ReadonlyMap<string, Macro> = new Map(MACROS.map((macro) => [macro.name, macro]));

/** The macro of that name, if there is one. */
export const macroNamed = (name: string): Macro | undefined => BY_NAME.get(name.toLowerCase());

/** The functions that exist only as macros of the plan: no engine knows them. */
export const planFunctions: readonly string[] = MACROS.filter((macro) => macro.expand.athena !== undefined).map(
  (macro) => macro.name,
);

/** A call `name(…)` in a text: its tokens and the source of each argument. */
export interface Call {
  readonly name: Token;
  readonly end: number;
  readonly args: readonly string[];
}

/** Reads the call whose name is token `index`; undefined when no `(` follows or it never closes. */
export function callAt(text: string, tokens: readonly Token[], index: number): Call | undefined {
  const name = tokens[index];
  const open = tokens[index + 1];
  if (name === undefined || open?.text !== '(') return undefined;
  const args: string[] = [];
  let depth = 0;
  let from = open.end;
  for (const token of tokens.slice(index + 1)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0 || (depth === 1 && token.text === ',')) {
      args.push(text.slice(from, token.start).trim());
      from = token.end;
    }
    if (depth === 0) return { name, end: token.end, args };
  }
  return undefined;
}

/** Expands every macro of `engine` in a text of that engine, nested ones included; `named` maps stand-ins to names. */
export function expandMacros(text: string, engine: Engine, named: (word: string) => string = (word) => word): string {
  const tokens = significant(tokenize(text));
  const edits: Edit[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'word') continue;
    const expand = macroNamed(named(token.text.toLowerCase()))?.expand[engine];
    const call = expand && callAt(text, tokens, index);
    if (expand === undefined || call === undefined) continue;
    const args = call.args.map((arg) => expandMacros(arg, engine, named));
    edits.push({ start: token.start, end: call.end, text: expand(args) });
    while ((tokens[index + 1]?.start ?? Number.POSITIVE_INFINITY) < call.end) index += 1;
  }
  return applyEdits(text, edits);
}
