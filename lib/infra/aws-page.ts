import { type Flow, flowsOf, type Party, type Verb } from './flows.ts';
import type { Templates } from './rights.ts';

/** Rights that move data; all others move control. */
const MOVES_DATA: readonly Verb[] = ['reads', 'writes', 'loads'];

const SHAPES: Readonly<Record<Party['kind'], readonly [string, string]>> = {
  bucket: ['[(', ')]'],
  actor: ['[', ']'],
  other: ['([', '])'],
};

const idOf = ({ stack, label }: Party): string => `${stack}_${label.replaceAll(/[^A-Za-z0-9]/g, '_')}`;

/** An arrow goes where the data goes, or who calls to who is called. */
const arrow = ({ actor, verb, object }: Flow): string =>
  verb === 'reads'
    ? `  ${idOf(object)} --> ${idOf(actor)}`
    : `  ${idOf(actor)} -->${verb === 'writes' ? '' : `|${verb}|`} ${idOf(object)}`;

/** A Mermaid flow chart of flows, a frame for each stack. */
function chart(flows: readonly Flow[]): string {
  const parties = new Map(flows.flatMap(({ actor, object }) => [actor, object]).map((each) => [idOf(each), each]));
  const stacks = [...new Set([...parties.values()].map(({ stack }) => stack))];
  const frames = stacks.flatMap((stack) => [
    `  subgraph ${stack}`,
    ...[...parties]
      .filter(([, party]) => party.stack === stack)
      .map(([id, { label, kind }]) => `    ${id}${SHAPES[kind][0]}"${label}"${SHAPES[kind][1]}`),
    '  end',
  ]);
  return ['```mermaid', 'flowchart LR', ...frames, ...new Set(flows.map(arrow)), '```'].join('\n');
}

const counted = (types: readonly string[]): string =>
  [...new Set(types)]
    .map((type) => ({ type, count: types.filter((each) => each === type).length }))
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1))
    .slice(0, 5)
    .map(({ type, count }) => `${count} ${type.replace(/^AWS::/, '').replace('::', ' ')}`)
    .join(', ');

/** `docs/aws.md`: the stacks of an environment, and what goes where between them as far as the rights of their roles say. */
export function awsPage(environment: string, templates: Templates): string {
  const flows = flowsOf(templates);
  const data = flows.filter(({ verb }) => MOVES_DATA.includes(verb));
  const control = flows.filter(({ verb }) => !MOVES_DATA.includes(verb));
  const stacks = Object.entries(templates).map(([stack, { Description = '', Resources }]) => {
    const types = Object.values(Resources).map(({ Type }) => Type);
    return `| ${stack} | ${Description} | ${types.length} | ${counted(types)} |`;
  });
  return [
    '# In AWS',
    '',
    `<!-- Written by npm run docs from the templates of ${environment}; a test compares. -->`,
    '',
    `Drawn from the templates of \`${environment}\`: a box is a bucket, a service or somebody with a role, an arrow a right that a role has. So the picture shows what can happen,`,
    'and nothing that cannot. Whose right it is, and under which condition, stands in [access](access.md); what stands idle costs by the line in [cost](cost.md).',
    '',
    '## What data goes where',
    '',
    chart(data),
    '',
    '## Who starts, asks and tells whom',
    '',
    'The state machine calls the steps of the daily run in turn (`lib/infra/machine/daily-run.ts`). What the alerts topic hears, `send-alert` carries to Slack and PagerDuty; alarms and events of AWS speak to it too.',
    '',
    chart(control),
    '',
    '## The stacks',
    '',
    '| stack | is | resources | mostly |',
    '|---|---|---|---|',
    ...stacks,
    '',
  ].join('\n');
}
