import type { Pii } from '../contract/index.ts';

/** A role of people: which classes of columns it sees, and whether it may read the lake's base tables through the warehouse. */
export interface AccessRole {
  readonly name: string;
  readonly description: string;
  readonly sees: readonly Pii[];
  readonly readsBase: boolean;
}

/** Who sees what. A column is granted by its class; whoever may read base tables there must see every class. */
export const ACCESS_ROLES: readonly AccessRole[] = [
  {
    name: 'lakehouse_analyst',
    description: 'asks questions; sees nothing that identifies a person',
    sees: ['none'],
    readsBase: false,
  },
  {
    name: 'lakehouse_scientist',
    description: 'builds features and models; joins by ids, sees no names',
    sees: ['none', 'indirect'],
    readsBase: false,
  },
  {
    name: 'lakehouse_steward',
    description: 'answers for the data; sees all of it',
    sees: ['none', 'indirect', 'direct'],
    readsBase: true,
  },
];
