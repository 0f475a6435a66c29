/** A value of a CloudFormation template: JSON with intrinsic functions. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

/** A resource of a synthesised template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [key: string]: TemplateValue };
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A synthesised template, as far as this project reads one. */
export interface SynthesisedTemplate {
  readonly Description?: string;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** A logical id without CDK's hash: `RawBucket1A2B3C4D` is `RawBucket`. */
export const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** Exports are named `<stack>:ExportsOutputFnGetAtt<LogicalId><hash>Arn<hash>`: the resource is what readers look for. */
function importedName(name: string): string {
  const [, stack = '', kind, rest = ''] = /^([^:]+):ExportsOutput(Ref|FnGetAtt)(.+)$/.exec(name) ?? [];
  if (!kind) return name;
  const id = withoutHash(rest).replace(/([0-9A-F]{8})[A-Za-z]*$/, '');
  return `${stack}:${id}`;
}

const text = (value: TemplateValue | undefined): string => (value === undefined ? '' : readable(value));

/** Any value of a template as people read it: `{"Fn::GetAtt": ["RawBucket1A2B3C4D", "Arn"]}` is `RawBucket`. */
export function readable(value: TemplateValue): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return value.map(readable).join(', ');
  const [name, argument] = Object.entries(value)[0] ?? [];
  switch (name) {
    case 'Ref':
      return withoutHash(text(argument)).replace(/^AWS::/, '');
    case 'Fn::GetAtt':
      return withoutHash(isList(argument) ? text(argument[0]) : text(argument));
    case 'Fn::ImportValue':
      return importedName(text(argument));
    case 'Fn::Join':
      return isList(argument) && isList(argument[1]) ? argument[1].map(readable).join(text(argument[0])) : '';
    case 'Fn::Sub':
      return isList(argument) ? text(argument[0]) : text(argument);
    default:
      return Object.entries(value)
        .map(([key, each]) => `${key}: ${readable(each)}`)
        .join('; ');
  }
}

/** Whether a value of a template is a list. */
export const isList = (value: TemplateValue | undefined): value is readonly TemplateValue[] => Array.isArray(value);

/** A value as a list: CloudFormation writes one alone without brackets. */
export const listOf = (value: TemplateValue | undefined): readonly TemplateValue[] =>
  value === undefined || value === null ? [] : isList(value) ? value : [value];

/** What stands at a dotted path below a value; undefined where there is nothing. */
export function at(value: TemplateValue | undefined, path: string): TemplateValue | undefined {
  return path
    .split('.')
    .reduce<TemplateValue | undefined>(
      (found, key) =>
        found !== null && typeof found === 'object' ? (found as Record<string, TemplateValue>)[key] : undefined,
      value,
    );
}
