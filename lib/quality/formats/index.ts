export type { ContractDocument } from './document.ts';
export { dqdl } from './dqdl.ts';
export { greatExpectations } from './great-expectations.ts';
export { odcs } from './odcs.ts';
