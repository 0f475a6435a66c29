import { athenaTable } from '../../aws/index.ts';
import { bind, type QueryPlan } from '../../plan/index.ts';

/** A saved question in Athena's words. It runs as it stands, so its as-of date is the day on which it is asked. */
export const savedText = ({ sql }: Pick<QueryPlan, 'sql'>, prefix: string): string =>
  bind(sql.athena.replaceAll('{{as_of}}', 'current_date'), { table: (name) => athenaTable(prefix, name), asOf: null });
