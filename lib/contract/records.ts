/**
 * How the records of a raw dataset are found in its files, where the format alone does not say it.
 * - `xml`: `record` is the dotted path of the element that is a record, root element first (`Statement.Entries.Entry`;
 *   the root alone: one record a file). Elements are matched by local name, and by `namespace` unless that is null.
 *   A column's path is relative to the record (`Party.Name`, `@id` for an attribute); one that begins with `/` starts
 *   at the root (`/Statement.Account.@iban`): a value of the head that every record below it carries.
 */
export type RecordsIn = { readonly kind: 'xml'; readonly record: string; readonly namespace: string | null };

/** Records are the elements at this path: `xmlElements('Statement.Entries.Entry', 'urn:example:bank')`. */
export const xmlElements = (record: string, namespace: string | null = null): RecordsIn => ({
  kind: 'xml',
  record,
  namespace,
});
