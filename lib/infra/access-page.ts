import { stackName } from '../aws/index.ts';
import { at, listOf, readable, type SynthesisedTemplate, type TemplateValue, withoutHash } from './readable.ts';

/** Templates by the id of their stack. */
export type Templates = Readonly<Record<string, SynthesisedTemplate>>;

/** Assets are named by their content, which changes without anybody's rights changing. */
const ASSET = /[0-9a-f]{64}/g;

const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll(ASSET, 'ASSET');

function conditionsOf(statement: TemplateValue): string {
  const conditions = at(statement, 'Condition');
  return conditions === undefined ? '' : readable(conditions);
}

function rowsOf(document: TemplateValue | undefined): string[] {
  return listOf(at(document, 'Statement')).map((statement) => {
    const effect = at(statement, 'Effect') === 'Deny' ? '**never** ' : '';
    const actions = listOf(at(statement, 'Action') ?? at(statement, 'NotAction')).map(readable);
    // Sorted once they are named, so that an asset's digest does not decide where it stands.
    const resources = new Set(listOf(at(statement, 'Resource')).map((each) => cell(readable(each))));
    return `| ${effect}${cell(actions.join(', '))} | ${[...resources].sort().join(', ')} | ${cell(conditionsOf(statement))} |`;
  });
}

function trustOf(document: TemplateValue | undefined): string {
  return listOf(at(document, 'Statement'))
    .map((statement) => {
      const conditions = conditionsOf(statement);
      return `${cell(readable(at(statement, 'Principal') ?? ''))}${conditions ? ` when ${cell(conditions)}` : ''}`;
    })
    .join('; ');
}

/** What policies of any stack give a role by naming it, which the role itself does not say. */
function rowsFromOthers(stack: string, id: string, templates: Templates): string[] {
  const known = `${stackName('', stack)}:${withoutHash(id)}`;
  return Object.entries(templates).flatMap(([home, { Resources }]) =>
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy' || Type === 'AWS::IAM::Policy')
      .filter(({ Properties }) =>
        listOf(Properties?.Roles).some((role) =>
          home === stack ? at(role, 'Ref') === id : readable(role).endsWith(known),
        ),
      )
      .flatMap(({ Properties }) => rowsOf(Properties?.PolicyDocument)),
  );
}

function roleSection(stack: string, id: string, templates: Templates): string {
  const template = templates[stack] ?? { Resources: {} };
  const properties = template.Resources[id]?.Properties ?? {};
  const attached = listOf(properties.ManagedPolicyArns);
  const own = attached.flatMap((arn) => {
    const policy = template.Resources[String(at(arn, 'Ref'))];
    return policy ? rowsOf(policy.Properties?.PolicyDocument) : [`| managed by AWS | ${cell(readable(arn))} | |`];
  });
  const inline = listOf(properties.Policies).flatMap((policy) => rowsOf(at(policy, 'PolicyDocument')));
  const rows = [...own, ...inline, ...rowsFromOthers(stack, id, templates)];
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
