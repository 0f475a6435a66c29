/** What code that runs in AWS and the code that provisions it must both know: names, layouts, settings. No SDK, no CDK. */
export * from './access-roles.ts';
export * from './metrics.ts';
export * from './names.ts';
export * from './raw-layout.ts';
export * from './results.ts';
export * from './settings.ts';
export * from './stacks.ts';
export * from './tables.ts';
