/** What is known of an applicant at a moment, by brute force, and the raw files that say it. */
import type { RawFiles } from './oracle-lake.ts';

const DAY = 86_400_000;

/** When something happened (milliseconds), and the day on which its file arrived. */
interface Known {
  readonly at: number;
  readonly arrived: string;
}

/** Amounts are cents. */
export interface World {
  readonly applications: readonly (Known & {
    id: string;
    who: string;
    customer: string | null;
    asked: number;
    value: number;
  })[];
  readonly returns: readonly (Known & { id: string; who: string; year: number; gross: number; self: number | null })[];
  readonly bookings: readonly (Known & {
    id: string;
    who: string;
    amount: number;
    kind: string;
    other: string | null;
  })[];
  readonly cards: readonly (Known & { id: string; customer: string; amount: number; kind: string })[];
  readonly payslips: readonly (Known & { id: string; who: string; employer: string; confidence: number })[];
  readonly passports: readonly (Known & { id: string; who: string; confidence: number })[];
}

const knownBy = (time: number) => (row: Known) =>
  row.at <= time && Date.parse(`${row.arrived}T00:00:00Z`) + DAY <= time;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

/** Hundredths of a percent, half up; null without a whole, or beyond a thousandfold. */
function share(part: number | null | undefined, whole: number | null | undefined): number | null {
  if (part === null || part === undefined || whole === null || whole === undefined || whole <= 0) return null;
  if (Math.abs(part) > 1000 * whole) return null;
  const [above, below] = [20_000n * BigInt(part) + BigInt(whole), 2n * BigInt(whole)];
  // BigInt division cuts towards zero.
  const cut = above / below;
  return Number(above < 0n && above % below !== 0n ? cut - 1n : cut);
}

/** The features of an applicant; shares in hundredths of a percent, money in cents. */
export function featuresOf(world: World, who: string, time: number): Record<string, number | null> {
  const mine = <R extends Known & { who: string }>(rows: readonly R[]) =>
    rows.filter(knownBy(time)).filter((row) => row.who === who);
  const [application] = mine(world.applications).toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  const years = [...new Set(mine(world.returns).map(({ year }) => year))].sort((a, b) => b - a);
  const filed = years.map(
    (year) =>
      mine(world.returns)
        .filter((row) => row.year === year)
        .toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))[0],
  );
  const booked = mine(world.bookings).filter((row) => row.at > time - 365 * DAY);
  const kind = (of: string) => booked.filter((row) => row.kind === of);
  const salary = sum(kind('salary').map(({ amount }) => amount));
  const owed = -sum([...kind('rent'), ...kind('loan')].map(({ amount }) => amount));
  const months = new Map<string, number>();
  for (const { at, amount } of booked) months.set(monthOf(at), (months.get(monthOf(at)) ?? 0) + amount);
  const employers = new Set(kind('salary').flatMap(({ other }) => other ?? []));
  const spent = world.cards
    .filter(knownBy(time))
    .filter((row) => row.customer === application?.customer && row.at > time - 365 * DAY)
    .map((row) => (row.kind === 'refund' ? -row.amount : row.amount));
  const income = filed[0]?.gross ?? null;
  return {
    requested_amount: application?.asked ?? null,
    loan_to_value: share(application?.asked, application?.value),
    tax_years: years.length,
    declared_income: income,
    income_to_year_before: share(income, filed[1]?.gross),
    self_employed_share: share(filed[0]?.self, income),
    salary_12m: salary,
    salary_months_12m: new Set(kind('salary').map(({ at }) => monthOf(at))).size,
    employers_12m: employers.size,
    salary_to_declared: share(salary, income),
    payslips_confirmed: mine(world.payslips).filter(
      ({ employer, confidence }) => confidence >= 90 && employers.has(employer),
    ).length,
    identity_documents: mine(world.passports).filter(({ confidence }) => confidence >= 80).length,
    rent_12m: -sum(kind('rent').map(({ amount }) => amount)) + 0,
    loan_payments_12m: -sum(kind('loan').map(({ amount }) => amount)) + 0,
    card_spend_12m: sum(spent),
    months_in_deficit_12m: [...months.values()].filter((net) => net < 0).length,
    obligations_to_income: share(owed, salary),
  };
}

const money = (cents: number): string => {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const moment = (time: number): string => new Date(time).toISOString();
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Files by the day on which they arrive; `split` says which of several files of that day a row goes into. */
export function rawFiles(world: World, split: (id: string) => number): RawFiles {
  const files: Record<string, string> = {};
  const write = <R extends Known & { id: string }>(
    dataset: string,
    ending: string,
    rows: readonly R[],
    text: (rows: readonly R[]) => string,
  ) => {
    const groups = new Map<string, R[]>();
    for (const row of rows) {
      const path = `${dataset}/dt=${row.arrived}/${split(row.id)}.${ending}`;
      groups.set(path, [...(groups.get(path) ?? []), row]);
    }
    for (const [path, group] of groups) files[path] = text(group);
  };
  const lines = (objects: readonly unknown[]) => objects.map((one) => `${JSON.stringify(one)}\n`).join('');
  const numbers = (text: string) => text.replaceAll(/"#(-?[0-9.]+)"/g, '$1');
  write('mortgage_application', 'jsonl', world.applications, (rows) =>
    numbers(
      lines(
        rows.map(({ id, who, customer, at, asked, value }) => ({
          application_id: id,
          applicant_id: who,
          customer_id: customer,
          applied_at: moment(at),
          requested_amount: `#${money(asked)}`,
          property_value: `#${money(value)}`,
          term_months: 240,
        })),
      ),
    ),
  );
  write('tax_return', 'xml', world.returns, (rows) => {
    const all = rows.map(
      ({ id, who, at, year, gross, self }) =>
        `<t:TaxReturn id="${id}"><t:Taxpayer><t:Id>${who}</t:Id></t:Taxpayer><t:TaxYear>${year}</t:TaxYear><t:FiledAt>${moment(at)}</t:FiledAt><t:Income><t:Gross>${money(gross)}</t:Gross>${self === null ? '' : `<t:SelfEmployed>${money(self)}</t:SelfEmployed>`}</t:Income><t:Tax><t:Paid>1.00</t:Paid></t:Tax></t:TaxReturn>`,
    );
    return `<t:TaxReturns xmlns:t="urn:example:tax-return:1">${all.join('')}</t:TaxReturns>`;
  });
  write('bank_transaction', 'xml', world.bookings, (rows) => {
    const all = rows.map(
      ({ id, who, at, amount, kind, other }) =>
        `<BankStatement id="s${id}"><Account currency="EUR"><Number>g</Number><Holder>${who}</Holder></Account><Transactions><Transaction id="${id}"><BookedAt>${moment(at)}</BookedAt><Amount>${money(amount)}</Amount><Kind>${kind}</Kind>${other === null ? '' : `<Counterparty><Name>${escaped(other)}</Name></Counterparty>`}</Transaction></Transactions></BankStatement>`,
    );
    return `<BankStatements xmlns="urn:example:bank-statement:1">${all.join('\n')}</BankStatements>`;
  });
  write('card_transaction', 'jsonl', world.cards, (rows) =>
    numbers(
      lines(
        rows.map(({ id, customer, at, amount, kind }) => ({
          transaction_id: id,
          card_id: 'k',
          customer_id: customer,
          merchant_id: 'm',
          merchant_country: 'DE',
          amount: `#${money(amount)}`,
          timestamp: moment(at),
          kind,
        })),
      ),
    ),
  );
  const about = ({ id, who, at }: { id: string; who: string; at: number }, document_type: string) => ({
    document_id: id,
    applicant_id: who,
    document_type,
    extracted_at: moment(at),
  });
  write('document_field', 'jsonl', world.payslips, (rows) =>
    lines(
      rows.map((row) => ({
        ...about(row, 'payslip'),
        analysis: {
          Blocks: [
            { BlockType: 'WORD', Id: 'w', Text: 'Employer', Confidence: 99 },
            { BlockType: 'WORD', Id: 'e', Text: row.employer, Confidence: row.confidence },
            {
              BlockType: 'KEY_VALUE_SET',
              Id: 'v',
              EntityTypes: ['VALUE'],
              Confidence: 98,
              Relationships: [{ Type: 'CHILD', Ids: ['e'] }],
            },
            {
              BlockType: 'KEY_VALUE_SET',
              Id: 'k',
              EntityTypes: ['KEY'],
              Confidence: 98,
              Page: 1,
              Relationships: [
                { Type: 'CHILD', Ids: ['w'] },
                { Type: 'VALUE', Ids: ['v'] },
              ],
            },
          ],
        },
      })),
    ),
  );
  write('document_line', 'jsonl', world.passports, (rows) =>
    lines(
      rows.map((row) => ({
        ...about(row, 'passport'),
        analysis: { TextDetections: [{ Id: 0, Type: 'LINE', DetectedText: 'PASSPORT', Confidence: row.confidence }] },
      })),
    ),
  );
  return files;
}
