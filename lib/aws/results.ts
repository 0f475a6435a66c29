/** Where the results of validations and checks stand in the results bucket, one file per day: run again, it is rewritten. */
export const resultKey = (what: 'validation' | 'checks', date: string): string => `${what}/dt=${date}/result.json`;
