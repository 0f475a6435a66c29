import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../../lib/tools/index.ts';

/** What a judge of templates found: its rule, in which file, at which resource (of the template as a whole: none), and in words. */
export interface TemplateFinding {
  readonly rule: string;
  readonly file: string;
  readonly logicalId: string | null;
  readonly message: string;
}

const run = promisify(execFile);
const ROOM = { maxBuffer: 2 ** 28 };

/** What the judges say of template files, errors and warnings. They look at nothing but the files and their own rules: no network. */
export async function judgedTemplates(files: readonly string[], region: string): Promise<TemplateFinding[]> {
  const { bin } = await pythonEnvironment('templates');
  const found = await Promise.all([cfnLint(bin('cfn-lint'), files, region), checkov(bin('checkov'), files)]);
  return found.flat();
}

interface CfnLintMatch {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

async function cfnLint(program: string, files: readonly string[], region: string): Promise<TemplateFinding[]> {
  const args = ['--format', 'json', '--non-zero-exit-code', 'none', '--regions', region, '-t', ...files];
  const { stdout } = await run(program, args, ROOM);
  return (JSON.parse(stdout) as CfnLintMatch[]).map(({ Filename, Message, Rule, Location }) => {
    const [section, logicalId] = Location.Path ?? [];
    const resource = section === 'Resources' && logicalId !== undefined ? String(logicalId) : null;
    return { rule: `cfn-lint::${Rule.Id}`, file: Filename, logicalId: resource, message: Message };
  });
}

interface CheckovReport {
  readonly summary: { readonly parsing_errors: number; readonly resource_count: number };
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly file_abs_path: string;
      readonly resource: string;
    }[];
  };
}

async function checkov(program: string, files: readonly string[]): Promise<TemplateFinding[]> {
  const args = ['--framework', 'cloudformation', '--output', 'json', '--compact', '--quiet', '--skip-download'];
  const { stdout } = await run(program, [...args, '--soft-fail', '--file', ...files], ROOM);
  const { summary, results } = JSON.parse(stdout) as CheckovReport;
  if (summary.parsing_errors > 0 || summary.resource_count === 0)
    throw new Error(`checkov could not read the templates: ${JSON.stringify(summary)}`);
  return results.failed_checks.map((check) => ({
    rule: `checkov::${check.check_id}`,
    file: check.file_abs_path,
    logicalId: check.resource.slice(check.resource.indexOf('.') + 1),
    message: check.check_name,
  }));
}
