/** Text that is no such number. */
export const NUMBERS = {
  integer: ['12.7', '1e5', ' 5', '٣', '0x1F', '9223372036854775808', '5 ', '--5', 'N/A'],
  decimal: ['12.34567', '1e5', ' 5', '1.', '.5', '12345678901.00', '٣.٥', '12.7.1', 'NaN'],
} as const;
/** JSON numbers that are no such number. */
export const JSON_NUMBERS = {
  integer: ['12.7', '9223372036854775808', '0.5'],
  decimal: ['12.34567', '12345678901.5', '0.00001'],
} as const;
/** Days and moments that do not exist, or are written otherwise. */
export const TIMES = {
  date: ['2022-02-30', '2023-02-29', '2024-13-01', '2024-1-5', '05/01/2024', '2024-00-10'],
  instant: ['2022-02-30T10:00:00Z', '2025-06-01T24:00:00Z', '2025-06-01T10:60:00Z', '2025-06-01 10:00', '1717236000'],
} as const;
/** JSON values of another type than the column has. */
export const WRONG_TYPES = {
  number: ['true', '[1]', '{}'],
  boolean: ['"true"', '1'],
  text: ['42', 'false', '["x"]', '{}'],
};
