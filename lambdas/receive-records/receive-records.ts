import { judgeBody } from './judge-body.ts';
import type { LoadedTable } from './judge-row.ts';

/** A request, as the edge understood it. */
export interface Request {
  readonly dataset: string;
  /** From the header `Idempotency-Key`; null where there is none. */
  readonly key: string | null;
  readonly contentType: string;
  readonly body: Buffer;
}

/** An answer: a status, and words for whoever sent the request. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a request's rows are landed once they are known to be good; once for each key. */
export type Land = (request: Request & { readonly key: string }, rows: number) => Promise<Answer>;

const KEY = /^[\x21-\x7e]{8,128}$/;
const TYPES = ['application/x-ndjson', 'application/jsonl', 'application/jsonlines'];
/** Reasons that one answer has room for. */
const MOST_REASONS = 100;

const answer = (status: number, body: Answer['body']): Answer => ({ status, body });

/** Why a request cannot be taken, whatever its rows say; null where it can. */
function refusal({ dataset, key, contentType }: Request, served: ReadonlyMap<string, unknown>): Answer | null {
  if (!served.has(dataset)) return answer(404, { error: `no dataset ${dataset} here`, datasets: [...served.keys()] });
  if (!TYPES.includes(contentType.split(';')[0]?.trim().toLowerCase() ?? '')) {
    return answer(415, { error: `found content type '${contentType}', expected JSON lines: ${TYPES[0]}` });
  }
  if (key === null || !KEY.test(key)) {
    const next = 'send 8 to 128 printable characters that name this batch, and the same again when you repeat it';
    return answer(400, { error: `the header Idempotency-Key is ${key === null ? 'missing' : 'malformed'}: ${next}` });
  }
  return null;
}

/**
 * Takes a batch whole or not at all: every row is held against the contracts of its dataset first, then the very bytes are
 * landed. A row taken here is not quarantined by the run.
 */
export async function receiveRecords(
  served: ReadonlyMap<string, readonly LoadedTable[]>,
  request: Request,
  land: Land,
): Promise<Answer> {
  const refused = refusal(request, served);
  if (refused) return refused;
  const { rows, rejected } = await judgeBody(served.get(request.dataset) ?? [], request.body);
  if (rows === 0) return answer(400, { error: 'the body has no rows: one JSON object per line' });
  if (rejected.length > 0) {
    const error = `${rejected.length} of ${rows} rows break the contract of ${request.dataset}; none was taken`;
    return answer(400, { error, rejected: rejected.length, rows: rejected.slice(0, MOST_REASONS) });
  }
  return await land({ ...request, key: request.key ?? '' }, rows);
}
