/** What carries bytes into raw, many requests to a file. */
export interface Carrier {
  /** Hands over records and gives those that were not taken. */
  put(records: readonly Uint8Array[]): Promise<Uint8Array[]>;
}

/** Some rows could not be handed over. Sending the request again is safe: the rows have keys. */
export class UndeliveredError extends Error {
  constructor(left: number, attempts: number, cause: unknown) {
    super(`${left} parts of the request were not taken in ${attempts} attempts; send it again`, { cause });
    this.name = 'UndeliveredError';
  }
}

/** Bounds of one call to Firehose, and of one record of it. */
const CALL_RECORDS = 500;
const CALL_BYTES = 4 * 1024 * 1024;
const RECORD_BYTES = 1000 * 1024;

const LF = 0x0a;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/** Cuts JSON lines into records for the carrier: whole lines only, each with its line feed, as many as fit. */
export function intoRecords(body: Buffer, recordBytes = RECORD_BYTES): Buffer[] {
  const whole = body.at(-1) === LF ? body : Buffer.concat([body, Buffer.from([LF])]);
  const records: Buffer[] = [];
  // A mark at the begin of a request would stand in the middle of a file.
  let start = whole.indexOf('\uFEFF') === 0 ? 3 : 0;
  while (start < whole.length) {
    const bound = Math.min(start + recordBytes, whole.length);
    const end = whole.lastIndexOf(LF, bound - 1) + 1;
    if (end <= start) throw new RangeError(`a line is longer than ${recordBytes} bytes`);
    records.push(whole.subarray(start, end));
    start = end;
  }
  return records;
}

/** Hands everything over, trying again only what was not taken, ever more patiently. @throws UndeliveredError */
export async function carry(
  records: readonly Uint8Array[],
  carrier: Carrier,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  let left: readonly Uint8Array[] = records;
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt += 1) {
    if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    const refused: Uint8Array[] = [];
    for (const call of intoCalls(left)) {
      try {
        refused.push(...(await carrier.put(call)));
      } catch (error) {
        failure = error;
        refused.push(...call);
      }
    }
    left = refused;
  }
  if (left.length > 0) throw new UndeliveredError(left.length, ATTEMPTS, failure);
}

function intoCalls(records: readonly Uint8Array[]): Uint8Array[][] {
  const calls: Uint8Array[][] = [];
  let bytes = 0;
  for (const record of records) {
    const call = calls.at(-1);
    if (!call || call.length === CALL_RECORDS || bytes + record.length > CALL_BYTES) {
      calls.push([record]);
      bytes = record.length;
    } else {
      call.push(record);
      bytes += record.length;
    }
  }
  return calls;
}
