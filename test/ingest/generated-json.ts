import fc from 'fast-check';

const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));

/** The parts of a JSON number. */
export const jsonNumber = fc.record({
  sign: fc.constantFrom('', '-'),
  whole: fc.oneof(
    fc.constant('0'),
    fc.tuple(fc.integer({ min: 1, max: 9 }), digits(40)).map(([first, rest]) => first + rest),
  ),
  fraction: fc.oneof(
    fc.constant(''),
    digits(40),
    digits(3).map((some) => `${some}000`),
    digits(3).map((some) => `000${some}`),
  ),
  exponent: fc.oneof(fc.constant(null), fc.integer({ min: -60, max: 60 })),
  mark: fc.constantFrom('e', 'E', 'e+', 'E+'),
});

/** A number as it is written. */
export function writtenNumber({
  sign,
  whole,
  fraction,
  exponent,
  mark,
}: typeof jsonNumber extends fc.Arbitrary<infer N> ? N : never): string {
  const power = exponent === null ? '' : exponent < 0 ? `${mark[0]}${exponent}` : `${mark}${exponent}`;
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${power}`;
}

const name = fc.constantFrom('a', 'x', 'y', 'b', '__proto__', 'a.b', 'é');

/** Any JSON value, of few names, so that columns meet it. */
export const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -1.5, 1e21, '', 'a', 'é\n"\\', '😀', '\u2028'),
    fc.string({ maxLength: 8, unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Any JSON object. */
export const jsonObject = fc.dictionary(name, anyJson, { maxKeys: 4 });

/** A change of a text: at a place (modulo its length) some characters go and others come. */
type Edit = { at: number; remove: number; put: string };

/** An edit that a JSON reader must look at. */
export const jsonEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(60),
  remove: fc.nat(2),
  put: fc.constantFrom(
    '',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    'e',
    '.',
    '-',
    ' ',
    'null',
    '\\u0000',
    '\\ud800',
    '\t',
    '\0',
  ),
});

/** The text after all edits. */
export const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((now, { at, remove, put }) => {
    const place = at % (now.length + 1);
    return now.slice(0, place) + put + now.slice(place + remove);
  }, text);
