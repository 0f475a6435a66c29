import { planFunctions } from './macros.ts';
import { applyEdits, type Edit, significant, tokenize } from './tokens.ts';

/** How the as-of parameter and the plan's functions look to the parser, which knows neither. */
export const AS_OF_STAND_IN = 'as_of_';

// The last character becomes `_`: the length stays, so every place in the parsed text is a place in the author's.
const standIn = (name: string): string => `${name.slice(0, -1)}_`;
const BY_STAND_IN: ReadonlyMap<string, string> = new Map(planFunctions.map((name) => [standIn(name), name]));

/** The plan function behind a stand-in; any other word is itself. */
export const realName = (word: string): string => BY_STAND_IN.get(word.toLowerCase()) ?? word;

/** True for a word that a stand-in might be taken for; authors may not use such words. */
export const looksLikeStandIn = (word: string): boolean => word.endsWith('_');

/** The text as the parser gets it: `:as_of` and the plan's functions replaced by words of equal length. */
export function withStandIns(text: string, file = 'sql'): string {
  const tokens = significant(tokenize(text, file));
  const edits = tokens.flatMap((token, index): Edit[] => {
    const { start, end } = token;
    if (token.kind === 'parameter' && token.text === ':as_of') return [{ start, end, text: AS_OF_STAND_IN }];
    const called = token.kind === 'word' && tokens[index + 1]?.text === '(';
    if (!called || !planFunctions.includes(token.text.toLowerCase())) return [];
    return [{ start, end, text: standIn(token.text) }];
  });
  return applyEdits(text, edits);
}
