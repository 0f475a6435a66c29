import type { SynthesisedTemplate } from '../../lib/infra/readable.ts';

/** What ministack's CloudFormation does not create, and why nothing here depends on it. Everything else is deployed as it is synthesised. */
export const ABSENT: Readonly<Record<string, string>> = {
  'AWS::Athena::NamedQuery': 'saved questions are run by their text instead',
  'AWS::Budgets::Budget': 'nothing costs',
  'AWS::EC2::FlowLog': 'no network is emulated',
  'AWS::Glue::DataQualityRuleset': 'rulesets are read by the parser of AWS in test/validators',
  'AWS::Glue::SecurityConfiguration': 'encryption of job logs',
  'AWS::Glue::TableOptimizer': 'nothing is compacted',
  'AWS::LakeFormation::DataLakeSettings': 'nobody is governed',
  'AWS::LakeFormation::PrincipalPermissions': 'nobody is governed',
  'AWS::LakeFormation::Resource': 'nobody is governed',
  'AWS::LakeFormation::Tag': 'nobody is governed',
  'AWS::LakeFormation::TagAssociation': 'nobody is governed',
  'AWS::QuickSight::Dashboard': 'nobody looks',
  'AWS::QuickSight::DataSet': 'nobody looks',
  'AWS::QuickSight::DataSource': 'nobody looks',
  'AWS::RedshiftServerless::Namespace': 'no warehouse computes',
  'AWS::RedshiftServerless::Workgroup': 'no warehouse computes',
  'AWS::SageMaker::FeatureGroup': 'a stand-in keeps records, held to the group that the template defines',
  'AWS::SageMaker::ModelPackageGroup': 'nothing is trained',
  'AWS::SageMaker::Pipeline': 'nothing is trained',
  'Custom::RedshiftUsageLimit': 'its Lambda is called by itself',
};

/** What a resource that is left out is called. */
export const nameOfAbsent = ({ Type }: Resource): string => (Type in ABSENT ? Type : `${Type} of metric math`);

/** A metric made of others. */
const isMetricMath = ({ Type, Properties }: Resource): boolean =>
  Type === 'AWS::CloudWatch::Alarm' && Properties !== undefined && 'Metrics' in Properties;

type Resource = SynthesisedTemplate['Resources'][string];

/** What stands where a value of an absent resource would. */
const NOTHING = 'not-in-the-emulator';

/** The template without what the emulator lacks; values of what is gone are `not-in-the-emulator`. */
export function withoutAbsent(template: SynthesisedTemplate): {
  readonly template: SynthesisedTemplate;
  readonly absent: readonly Resource[];
} {
  const gone = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type in ABSENT || isMetricMath(resource),
  );
  const names = new Set(gone.map(([name]) => name));
  const kept = Object.entries(template.Resources).filter(([name]) => !names.has(name));
  const Resources = Object.fromEntries(
    kept.length > 0 ? kept : [['Nothing', { Type: 'AWS::CloudFormation::WaitConditionHandle' }]],
  );
  return {
    template: unreferring({ ...template, Resources, Rules: rulesOf(template) }, names) as SynthesisedTemplate,
    absent: gone.map(([, resource]) => resource),
  };
}

/** Without the rule that wants the engine's package for Lambda's platform: here the engine is this machine's own. */
const rulesOf = (template: object): object =>
  Object.fromEntries(
    Object.entries((template as { readonly Rules?: object }).Rules ?? {}).filter(
      ([name]) => !name.includes('Deployable'),
    ),
  );

function unreferring(value: unknown, gone: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => unreferring(each, gone));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const attribute = fields['Fn::GetAtt'];
  if (gone.has(String(fields.Ref)) || (Array.isArray(attribute) && gone.has(String(attribute[0])))) return NOTHING;
  const entries = Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
    if (name !== 'DependsOn') return [[name, unreferring(field, gone)]];
    const left = [field].flat().filter((each) => !gone.has(String(each)));
    return left.length > 0 ? [[name, left]] : [];
  });
  return Object.fromEntries(entries);
}
