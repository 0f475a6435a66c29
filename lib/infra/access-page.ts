import { at, listOf, readable, type TemplateValue, withoutHash } from './readable.ts';
import { rightsOf, type Templates } from './rights.ts';

/** Assets are named by their content, which changes without anybody's rights changing. */
const ASSET = /[0-9a-f]{64}/g;

const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll(ASSET, 'ASSET');

function conditionsOf(statement: TemplateValue): string {
  const conditions = at(statement, 'Condition');
  return conditions === undefined ? '' : readable(conditions);
}

function rowOf(statement: TemplateValue): string {
  const effect = at(statement, 'Effect') === 'Deny' ? '**never** ' : '';
  const actions = listOf(at(statement, 'Action') ?? at(statement, 'NotAction')).map(readable);
  // Sorted once they are named, so that an asset's digest does not decide where it stands.
  const resources = new Set(listOf(at(statement, 'Resource')).map((each) => cell(readable(each))));
  return `| ${effect}${cell(actions.join(', '))} | ${[...resources].sort().join(', ')} | ${cell(conditionsOf(statement))} |`;
}

function trustOf(document: TemplateValue | undefined): string {
  return listOf(at(document, 'Statement'))
    .map((statement) => {
      const conditions = conditionsOf(statement);
      return `${cell(readable(at(statement, 'Principal') ?? ''))}${conditions ? ` when ${cell(conditions)}` : ''}`;
    })
    .join('; ');
}

function roleSection(stack: string, id: string, templates: Templates): string {
  const properties = templates[stack]?.Resources[id]?.Properties ?? {};
  const { rights, managed } = rightsOf(stack, id, templates);
  const rows = [
    ...managed.map((arn) => `| managed by AWS | ${cell(readable(arn))} | |`),
    ...rights.map(({ statement }) => rowOf(statement)),
  ];
  const permissions =
    rows.length === 0 ? ['May do nothing by itself.'] : ['| may | on | when |', '|---|---|---|', ...rows];
  return [
    `### ${stack}: ${withoutHash(id)}`,
    '',
    `${readable(properties.Description ?? '')} Taken by ${trustOf(properties.AssumeRolePolicyDocument)}.`,
    '',
    ...permissions,
  ].join('\n');
}

/** `docs/access.md`: every role of an environment, who takes it, and what it may do. */
export function accessPage(environment: string, templates: Templates): string {
  const sections = Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .map(([id]) => roleSection(stack, id, templates)),
  );
  return [
    '# Access',
    '',
    `<!-- Written by npm run docs from the templates of ${environment}; a test compares. -->`,
    '',
    `Every role of \`${environment}\`, the environment with the most, from its templates: a new permission is a new line here.`,
    'Names are those of the construct tree, `stack:resource` where another stack owns it.',
    '',
    sections.join('\n\n') || 'No roles yet.',
    '',
  ].join('\n');
}
