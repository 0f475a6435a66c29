import { stackName } from '../aws/index.ts';
import { at, listOf, readable, type SynthesisedTemplate, type TemplateValue, withoutHash } from './readable.ts';

/** Templates by the id of their stack. */
export type Templates = Readonly<Record<string, SynthesisedTemplate>>;

/** A statement of a policy that a role has, and the stack whose names it is written in. */
export interface Right {
  readonly home: string;
  readonly statement: TemplateValue;
}

/** What a role has: the statements of its policies, and those policies that AWS manages, by their names. */
export interface Rights {
  readonly rights: readonly Right[];
  readonly managed: readonly TemplateValue[];
}

const statementsOf = (home: string, document: TemplateValue | undefined): Right[] =>
  listOf(at(document, 'Statement')).map((statement) => ({ home, statement }));

/** What policies of any stack give a role by naming it, which the role itself does not say. */
function givenByOthers(stack: string, id: string, templates: Templates): Right[] {
  const known = `${stackName('', stack)}:${withoutHash(id)}`;
  return Object.entries(templates).flatMap(([home, { Resources }]) =>
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy' || Type === 'AWS::IAM::Policy')
      .filter(({ Properties }) =>
        listOf(Properties?.Roles).some((role) =>
          home === stack ? at(role, 'Ref') === id : readable(role).endsWith(known),
        ),
      )
      .flatMap(({ Properties }) => statementsOf(home, Properties?.PolicyDocument)),
  );
}

/** Everything that a role of a stack may do or never do: by its own policies, by those inside it, and by those of any stack that name it. */
export function rightsOf(stack: string, id: string, templates: Templates): Rights {
  const { Resources = {} } = templates[stack] ?? {};
  const { Properties } = Resources[id] ?? {};
  const attached = listOf(Properties?.ManagedPolicyArns).map((arn) => ({
    arn,
    own: Resources[String(at(arn, 'Ref'))],
  }));
  return {
    rights: [
      ...attached.flatMap(({ own }) => statementsOf(stack, own?.Properties?.PolicyDocument)),
      ...listOf(Properties?.Policies).flatMap((policy) => statementsOf(stack, at(policy, 'PolicyDocument'))),
      ...givenByOthers(stack, id, templates),
    ],
    managed: attached.flatMap(({ arn, own }) => (own ? [] : [arn])),
  };
}
