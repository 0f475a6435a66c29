/** Beside its own settings, every Lambda knows the name of its environment. */
export const COMMON_SETTINGS = ['ENVIRONMENT'] as const;

/** The environment variables of each Lambda: its construct gives exactly these, its handler reads exactly these. */
export const SETTINGS = {
  'export-answers': [...COMMON_SETTINGS, 'NAME_PREFIX', 'ATHENA_WORKGROUP', 'ARCHIVE_BUCKET'],
  'load-warehouse': [
    ...COMMON_SETTINGS,
    'NAME_PREFIX',
    'REDSHIFT_WORKGROUP',
    'REDSHIFT_DATABASE',
    'REDSHIFT_SECRET',
    'SPECTRUM_ROLE_ARN',
  ],
  'publish-features': [...COMMON_SETTINGS, 'NAME_PREFIX', 'ATHENA_WORKGROUP'],
  'receive-records': [...COMMON_SETTINGS, 'NAME_PREFIX', 'API_DATASETS', 'IDEMPOTENCY_TABLE'],
  'redshift-usage-limit': COMMON_SETTINGS,
  'run-checks': [...COMMON_SETTINGS, 'NAME_PREFIX', 'ATHENA_WORKGROUP', 'RESULTS_BUCKET', 'FINDINGS_TOPIC_ARN'],
  'send-alert': [...COMMON_SETTINGS, 'INCIDENT_TABLE', 'SLACK_SECRET', 'PAGERDUTY_SECRET', 'RUNBOOK_URL'],
  'sense-sources': [...COMMON_SETTINGS, 'RAW_BUCKET'],
  'validate-daily': [...COMMON_SETTINGS, 'RAW_BUCKET', 'RESULTS_BUCKET', 'FINDINGS_TOPIC_ARN'],
} as const satisfies Record<string, readonly string[]>;

/** A folder of `lambdas/`. */
export type LambdaName = keyof typeof SETTINGS;

/** The environment variables of one Lambda, by name. */
export type Settings<Name extends LambdaName> = Readonly<Record<(typeof SETTINGS)[Name][number], string>>;

/** The deployment forgot environment variables of a Lambda. */
export class MissingSettingsError extends Error {
  readonly missing: readonly string[];

  constructor(name: string, missing: readonly string[]) {
    super(
      `${name}: environment variables missing or empty: ${missing.join(', ')}; its construct sets them, lib/aws/settings.ts names them`,
    );
    this.name = 'MissingSettingsError';
    this.missing = missing;
  }
}

/** Reads a Lambda's settings, once, at its start. @throws MissingSettingsError naming all that are missing. */
export function readSettings<Name extends LambdaName>(
  name: Name,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings<Name> {
  const names: readonly string[] = SETTINGS[name];
  const missing = names.filter((each) => !environment[each]);
  if (missing.length > 0) throw new MissingSettingsError(name, missing);
  return Object.fromEntries(names.map((each) => [each, environment[each]])) as Settings<Name>;
}
