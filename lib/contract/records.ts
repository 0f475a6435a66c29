/**
 * How the records of a raw dataset are found in its files, where the format alone does not say it.
 * - `xml`: `record` is the dotted path of the element that is a record, root element first (`Statement.Entries.Entry`;
 *   the root alone: one record a file). Elements are matched by local name, and by `namespace` unless that is null.
 *   A column's path is relative to the record (`Party.Name`, `@id` for an attribute); one that begins with `/` starts
 *   at the root (`/Statement.Account.@iban`): a value of the head that every record below it carries.
 * - `textract`, `rekognition`: every JSON object is the result of one analysed document, which stands at the dotted
 *   path `at` (null: the object itself); each key-value pair (textract) or line (rekognition) in it is a record.
 *   Columns take `$id`, `$page`, `$key`, `$value` and `$confidence` of the pair, any other path from the object.
 */
export type RecordsIn =
  | { readonly kind: 'xml'; readonly record: string; readonly namespace: string | null }
  | { readonly kind: 'textract' | 'rekognition'; readonly at: string | null };

/** Records are the elements at this path: `xmlElements('Statement.Entries.Entry', 'urn:example:bank')`. */
export const xmlElements = (record: string, namespace: string | null = null): RecordsIn => ({
  kind: 'xml',
  record,
  namespace,
});

/** Records are the key-value pairs that Textract (AnalyzeDocument, forms) found: `textract('analysis')`. */
export const textract = (at: string | null = null): RecordsIn => ({ kind: 'textract', at });

/** Records are the lines that Rekognition (DetectText) found: `rekognition('analysis')`. */
export const rekognition = (at: string | null = null): RecordsIn => ({ kind: 'rekognition', at });
