import fc from 'fast-check';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', '12.50', 'Ann Lee', 'é', '東京', '😀', ' x ', '\t') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'a,b',
      'say "hi"',
      'two\nlines',
      'dos\r\nline',
      'mac\rline',
      '"',
      ',',
      '\u0001',
      '\u000b',
      '\u001f\f',
      '\n\n',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
);
type Style = 'needed' | 'always' | 'mixed';
const MUST_QUOTE = /[",\r\n]/;

/** A table, and the RFC 4180 bytes of it in some style. */
export const csvTable = fc
  .record({
    columns: fc.integer({ min: 1, max: 4 }),
    rows: fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 14 }),
    style: fc.constantFrom<Style>('needed', 'always', 'mixed'),
    ends: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 1, maxLength: 3 }),
    blanks: fc.array(fc.constantFrom('', '', '', '\n', '\r\n'), { minLength: 1, maxLength: 5 }),
    bom: fc.boolean(),
    finalEnd: fc.boolean(),
  })
  .map(({ columns, rows, style, ends, blanks, bom, finalEnd }) => {
    const cut = rows.map((row) => row.slice(0, columns).map((text) => text.replaceAll('\0', '')));
    const header = ['id', 'name', 'amount', 'note'].slice(0, columns);
    const lines = [header, ...cut].map((row, n) => {
      const fields = row.map((text, c) => {
        const quoted = style === 'always' || (style === 'mixed' && (n + c) % 2 === 0) || MUST_QUOTE.test(text);
        // One empty column unquoted would be a blank line.
        return quoted || (columns === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
      });
      const last = n === cut.length;
      return (
        fields.join(',') +
        (last && !finalEnd ? '' : (ends[n % ends.length] ?? '\n') + (blanks[n % blanks.length] ?? ''))
      );
    });
    const records = cut.map((fields, n) => ({ number: n + 1, fields: fields.map((text) => text || null) }));
    return { bytes: Buffer.from((bom ? '\uFEFF' : '') + lines.join('')), header, records };
  });

/** Nothing but odd bytes behind a header. */
export const csvSoup = fc
  .array(fc.constantFrom('"', '"', '"', ',', '\n', '\r', '\r\n', 'a', '""', '",', '\n"'), { maxLength: 40 })
  .map((parts) => Buffer.from(`a,b\n${parts.join('')}`));

const DIRT = [
  'x,"open,1',
  'a,b',
  '"q,1",b,c',
  'a"b,c,d',
  '"ok","fine","q"',
  'caf\xe9,1,2',
  'a\0,b,c',
  'a,b\rc,d',
  '"two\nlines",1,2',
  '',
  'a,b,c\r',
  'a,b,c\rd',
  '"","",""',
  '"caf\xe9",1,2',
];

/** 3000 lines, one in `every` of which is odd. */
export function dirtyCsv(seed: number, every: number): Buffer {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 8;
  };
  const lines = Array.from({ length: 3000 }, (_, n) =>
    random() % every === 0 ? (DIRT[random() % DIRT.length] ?? '') : `p${n},${n % 97}.50,caf\xc3\xa9 ${n}`,
  );
  return Buffer.from(`id,amount,name\n${lines.join('\n')}\n`, 'latin1');
}

/** One wound of a file: where (0 to 1), what, and the byte that is put there. */
type Mutation = { at: number; kind: 'cut' | 'flip' | 'put'; byte: number };

/** A wound that a CSV reader must look at. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('flip', 'put', 'put', 'put', 'cut'),
  byte: fc.oneof(
    fc.constantFrom(0x22, 0x22, 0x22, 0x0a, 0x0d, 0x2c, 0, 0xff, 0xc3, 1),
    fc.integer({ min: 0, max: 255 }),
  ),
});

/** The bytes with all wounds. */
export function mutate(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce((now, { at, kind, byte }) => {
    const place = Math.floor(at * now.length);
    const one = Buffer.from([byte]);
    if (kind === 'cut') return now.subarray(0, Math.max(place, now.length - 20));
    return Buffer.concat([now.subarray(0, place), one, now.subarray(kind === 'flip' ? place + 1 : place)]);
  }, bytes);
}
