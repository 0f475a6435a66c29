import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Before each test file: the system's folder for temporary files becomes one of the file's own, also for the processes that it starts,
// and goes when the file is done. Hooks end in the reverse order, so what the file has open is closed before.
const folder = mkdtempSync(join(tmpdir(), 'lakehouse-test-'));
for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
