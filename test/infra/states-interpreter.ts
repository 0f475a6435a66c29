import jsonata from 'jsonata';
import { at, isList, type TemplateValue } from '../../lib/infra/readable.ts';

/** A JSON value. */
type Json = TemplateValue;
type Fields = Readonly<Record<string, Json>>;

/** A task failed in a way that the machine sees. */
export class TaskError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Answers tasks: by resource and parameters. Throws `TaskError` to fail. */
export type Tasks = (state: string, resource: string, parameters: Json) => Json;

/** How an execution went. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error: string | null;
  readonly cause: string | null;
  /** The states it passed, in order; a task stands there once per attempt. */
  readonly path: readonly string[];
  /** At the least. */
  readonly waitedSeconds: number;
}

const fieldsOf = (value: Json | undefined): Fields =>
  value !== null && typeof value === 'object' && !isList(value) ? (value as Fields) : {};

/** A reference path: `$.a.b[0]`, in the input or (`$$`) in the context. */
function find(path: string, input: Json, context: Json): Json | undefined {
  const [root, rest] = path.startsWith('$$') ? [context, path.slice(2)] : [input, path.slice(1)];
  return rest === '' ? root : at(root, rest.slice(1).replaceAll(/\[(\d+)\]/g, '.$1'));
}

/** Splits the arguments of an intrinsic function at its own commas. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let [depth, quoted, begin] = [0, false, 0];
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (sign === "'") quoted = !quoted;
    else if (!quoted && sign === '(') depth++;
    else if (!quoted && sign === ')') depth--;
    else if (!quoted && depth === 0 && sign === ',') {
      found.push(text.slice(begin, index).trim());
      begin = index + 1;
    }
  }
  return [...found, text.slice(begin).trim()];
}

function evaluate(expression: string, input: Json, context: Json): Json {
  const [, name, inner = ''] = /^States[.](\w+)\((.*)\)$/s.exec(expression) ?? [];
  if (name === undefined) {
    if (expression.startsWith("'")) return expression.slice(1, -1);
    if (/^-?\d+$/.test(expression)) return Number(expression);
    const found = find(expression, input, context);
    if (found === undefined) throw new TaskError('States.ParameterPathFailure', `nothing at ${expression}`);
    return found;
  }
  const values = argumentsOf(inner).map((each) => evaluate(each, input, context));
  switch (name) {
    case 'Format':
      return String(values[0]).replaceAll('{}', () => String(values.splice(1, 1)[0]));
    case 'MathAdd':
      return Number(values[0]) + Number(values[1]);
    case 'JsonToString':
      return JSON.stringify(values[0]);
    default:
      throw new Error(`States.${name} is not known to this interpreter`);
  }
}

function fill(template: Json, input: Json, context: Json): Json {
  if (isList(template)) return template.map((each) => fill(each, input, context));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), evaluate(String(value), input, context)]
        : [key, fill(value, input, context)],
    ),
  );
}

/** Puts a result where `ResultPath` says: in place of the input, into it at a name, or nowhere. */
function place(state: Fields, input: Json, result: Json): Json {
  const path = state.ResultPath;
  if (path === null) return input;
  if (path === undefined || path === '$') return result;
  return { ...fieldsOf(input), [String(path).slice(2)]: result };
}

function meets(choice: Fields, input: Json): boolean {
  if ('And' in choice) return (choice.And as readonly Fields[]).every((each) => meets(each, input));
  const value = find(String(choice.Variable), input, null);
  if ('IsPresent' in choice) return (value !== undefined) === choice.IsPresent;
  if (value === undefined) throw new Error(`a choice asks for ${choice.Variable}, which is not there`);
  if ('BooleanEquals' in choice) return value === choice.BooleanEquals;
  if ('StringEquals' in choice) return value === choice.StringEquals;
  return typeof value === 'number' && value >= Number(choice.NumericGreaterThanEquals);
}

const chosen = (state: Fields, input: Json): string =>
  String((state.Choices as readonly Fields[]).find((each) => meets(each, input))?.Next ?? state.Default);

const handles = (rule: Fields, error: string): boolean =>
  (rule.ErrorEquals as readonly string[]).some(
    (name) => name === error || name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout'),
  );

/** How long a retry waits at the least: with full jitter, perhaps not at all. */
const sureWait = (retry: Fields, times: number): number =>
  retry.JitterStrategy === 'FULL'
    ? 0
    : Math.min(
        Number(retry.IntervalSeconds) * Number(retry.BackoffRate) ** times,
        Number(retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY),
      );

/** A task that nothing caught ends its execution. */
function failed(error: unknown): Execution {
  if (!(error instanceof TaskError)) throw error;
  return { status: 'FAILED', error: error.name, cause: error.message, path: [], waitedSeconds: 0 };
}

/**
 * Executes a machine in Amazon States Language, as much of it as the daily run uses: pass, task with retry and catch,
 * map, choice, wait, succeed, fail, JSONPath with intrinsic functions, and passes in JSONata. Time does not pass, it is counted.
 * What it does not know, it refuses.
 */
export async function execute(
  machine: { readonly StartAt: string; readonly States: Readonly<Record<string, unknown>> },
  given: Json,
  tasks: Tasks,
  context: Json = { Execution: { Name: 'run-1' }, State: { EnteredTime: '2026-11-21T02:00:00.000Z' } },
): Promise<Execution> {
  let [name, input, waitedSeconds] = [machine.StartAt, given, 0];
  const path: string[] = [];

  /** A task with its retries; a caught failure gives the state that goes on. */
  const attempt = (
    state: Fields,
  ): { readonly result: Json } | { readonly caught: Fields; readonly failure: Fields } => {
    const tried = new Map<Fields, number>();
    for (;;) {
      path.push(name);
      try {
        const answer = tasks(name, String(state.Resource), fill(state.Parameters ?? input, input, context));
        const selector = state.ResultSelector;
        return { result: selector === undefined ? answer : fill(selector, answer, context) };
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        const retry = ((state.Retry ?? []) as readonly Fields[]).find((rule) => handles(rule, error.name));
        const times = retry ? (tried.get(retry) ?? 0) : 0;
        if (retry && times < Number(retry.MaxAttempts)) {
          waitedSeconds += sureWait(retry, times);
          tried.set(retry, times + 1);
          continue;
        }
        const caught = ((state.Catch ?? []) as readonly Fields[]).find((rule) => handles(rule, error.name));
        if (!caught) throw error;
        return { caught, failure: { Error: error.name, Cause: error.message } };
      }
    }
  };

  for (let steps = 0; steps < 10_000; steps++) {
    const state = machine.States[name] as Fields | undefined;
    if (!state) throw new Error(`no state ${name}`);
    if (state.Type !== 'Task') path.push(name);
    switch (state.Type) {
      case 'Pass': {
        if (state.QueryLanguage === 'JSONata') {
          const output = fieldsOf(state.Output);
          const values = await Promise.all(
            Object.entries(output).map(async ([key, text]) => {
              const expression = /^\{%(.*)%\}$/s.exec(String(text))?.[1] ?? '';
              return [key, await jsonata(expression).evaluate({}, { states: { input } })];
            }),
          );
          input = Object.fromEntries(values);
        } else {
          const from = state.InputPath === undefined ? input : evaluate(String(state.InputPath), input, context);
          input = place(state, input, state.Parameters === undefined ? from : fill(state.Parameters, input, context));
        }
        name = String(state.Next);
        break;
      }
      case 'Choice':
        name = chosen(state, input);
        break;
      case 'Wait':
        waitedSeconds += Number(state.Seconds);
        name = String(state.Next);
        break;
      case 'Task': {
        const outcome = attempt(state);
        input =
          'result' in outcome ? place(state, input, outcome.result) : place(outcome.caught, input, outcome.failure);
        name = String('result' in outcome ? state.Next : outcome.caught.Next);
        break;
      }
      case 'Map': {
        let failure: Execution | null = null;
        for (const value of find(String(state.ItemsPath), input, context) as readonly Json[]) {
          const item = { ...fieldsOf(context), Map: { Item: { Value: value } } };
          const { ItemSelector: selector = null, ItemProcessor: processor } = state;
          const inside = await execute(processor as never, fill(selector, input, item), tasks, item).catch(failed);
          path.push(...inside.path);
          waitedSeconds += inside.waitedSeconds;
          if (inside.status === 'FAILED') failure ??= inside;
        }
        const { error } = failure ?? { error: null };
        const caught = ((state.Catch ?? []) as readonly Fields[]).find(
          (rule) => error !== null && handles(rule, error),
        );
        if (failure && !caught) return { ...failure, path, waitedSeconds };
        input = caught
          ? place(caught, input, { Error: error, Cause: failure?.cause ?? null })
          : place(state, input, null);
        name = String(caught ? caught.Next : state.Next);
        break;
      }
      case 'Succeed':
        return { status: 'SUCCEEDED', error: null, cause: null, path, waitedSeconds };
      case 'Fail': {
        const [error, cause] = [
          state.Error ?? find(String(state.ErrorPath), input, context),
          find(String(state.CausePath), input, context),
        ];
        return { status: 'FAILED', error: String(error), cause: String(cause), path, waitedSeconds };
      }
      default:
        throw new Error(`state ${name}: type ${state.Type} is not known to this interpreter`);
    }
  }
  throw new Error('the execution does not end');
}
