import { readFileSync } from 'node:fs';
import type { Plan } from '../../lib/plan/index.ts';

/** The plan that was built with this bundle: the file beside it, read once at the start. */
export function readPlan(): Plan {
  const { plan } = JSON.parse(readFileSync(new URL('plan.json', import.meta.url), 'utf8')) as { plan: Plan };
  return plan;
}
