import { EngineError } from '../../engines/index.ts';
import type { Cell } from '../answer.ts';

/** What Trino answers: names and types as it spells them, values as JSON gives them but for long numbers, which stay text. */
export interface TrinoResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (Cell | number | boolean)[])[];
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: TrinoResult['columns'];
  readonly data?: TrinoResult['rows'];
  readonly error?: { readonly message: string };
}

/** Runs a statement by Trino's protocol: one request starts it, each answer says where the next one is. @throws EngineError */
export async function askTrino(server: string, sql: string): Promise<TrinoResult> {
  const headers = {
    'X-Trino-User': 'parity',
    'X-Trino-Time-Zone': 'UTC',
    // Without it, moments come rounded to thousandths.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  let page = await pageOf(await fetch(`${server}/v1/statement`, { method: 'POST', headers, body: sql }), sql);
  let columns: TrinoResult['columns'] = [];
  const rows: TrinoResult['rows'][number][] = [];
  for (;;) {
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    if (page.error !== undefined) throw new EngineError(sql, new Error(page.error.message));
    if (page.nextUri === undefined) return { columns, rows };
    page = await pageOf(await fetch(page.nextUri, { headers }), sql);
  }
}

async function pageOf(response: Response, sql: string): Promise<Page> {
  const text = await response.text();
  if (!response.ok)
    throw new EngineError(sql, new Error(`Trino answers HTTP ${response.status}: ${text.slice(0, 500)}`));
  return JSON.parse(longNumbersAsText(text)) as Page;
}

/** Puts integers of more than fifteen digits in quotes: as JSON numbers they would lose digits. */
const longNumbersAsText = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|-?[\d.]+(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  );
