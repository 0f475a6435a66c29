/** The years in which the movable feasts of every calendar are known. */
export const CALENDAR_YEARS = { first: 1970, last: 2076 } as const;
