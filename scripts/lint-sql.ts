/** Holds every file below sql/ to the portable core; a finding is a line `file:line:column code: message`. */
import { fileURLToPath } from 'node:url';
import { readSqlFiles } from '../lib/cli/plan-files.ts';
import { formatFinding, lint } from '../lib/plan/sql/index.ts';

const files = readSqlFiles(fileURLToPath(new URL('../sql/', import.meta.url)));
const findings = Object.entries(files).flatMap(([path, text]) =>
  path.endsWith('.redshift.sql') ? [] : lint(text, `sql/${path}`),
);
for (const finding of findings) console.error(formatFinding(finding));
console.error(`sql lint: ${Object.keys(files).length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
