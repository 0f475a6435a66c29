import fc from 'fast-check';

/** Any text that XML can hold, as a value and as it may be written. */
const character = fc
  .oneof(
    fc.constantFrom('<', '&', '>', '"', "'", ' ', '\n', '\t', ']', '-', '\r'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are no characters of XML
  .filter((one) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/u.test(one));
const written = fc
  .array(fc.tuple(character, fc.constantFrom('plain', 'decimal', 'hexadecimal', 'cdata')), { maxLength: 12 })
  .map((parts) => ({
    value: parts.map(([one]) => one).join(''),
    xml: parts.map(([one, how]) => spelled(one, how)).join(''),
    attribute: parts.map(([one, how]) => spelled(one, how === 'cdata' ? 'decimal' : how)).join(''),
  }));

function spelled(one: string, how: string): string {
  const code = one.codePointAt(0) ?? 0;
  if (how === 'cdata' && !'\r]'.includes(one)) return `<![CDATA[${one}]]>`;
  if (how === 'decimal' || /[<&>"'\s\]-]/.test(one)) return `&#${code};`;
  return how === 'hexadecimal' ? `&#x${code.toString(16)};` : one;
}

const record = fc.record({ id: written, amount: fc.option(written), party: fc.option(written) });

/** An account, and records with an id, perhaps an amount and a party; each text with its value and its spellings. */
export const xmlDocument = fc.record({ account: fc.option(written), records: fc.array(record, { maxLength: 5 }) });

/** A document as XML: `/S.A`, and below `S.E.R` the paths `@id`, `V` and `P.N`. */
export const xmlOf = ({ account, records }: typeof xmlDocument extends fc.Arbitrary<infer T> ? T : never): string => {
  const rows = records.map(
    ({ id, amount, party }) =>
      `<R id="${id.attribute}">${party ? `<P>\n<N>${party.xml}</N></P>` : ''}<!-- - -->${amount ? `<V>${amount.xml}</V>` : ''}</R>\n`,
  );
  return `<S>${account ? `<A>${account.xml}</A>` : ''}<E>${rows.join('')}</E></S>`;
};

/** Wounds of bytes: one goes, one comes twice, another comes. */
export const wounds = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('drop', 'double', 'put'), fc.integer({ min: 0, max: 255 })),
  { minLength: 1, maxLength: 3 },
);

/** The bytes with all wounds. */
export function wounded(bytes: Buffer, all: typeof wounds extends fc.Arbitrary<infer W> ? W : never): Buffer {
  return all.reduce((now, [where, how, byte]) => {
    const at = where % now.length;
    const put = how === 'drop' ? [] : how === 'put' ? [byte] : [now[at] ?? 0];
    return Buffer.concat([now.subarray(0, at), Buffer.from(put), now.subarray(how === 'drop' ? at + 1 : at)]);
  }, bytes);
}
