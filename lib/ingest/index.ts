/** The record layer: bytes of raw files become numbered records and faults. It knows no engine and no dataset. */
export { type Judgement, judge } from './canonical.ts';
export { type CsvOptions, type CsvRead, type PlainFile, readCsv } from './csv.ts';
export { csvColumns } from './csv-header.ts';
export { type Discovery, discover, type FileStamp, type RawFile, type RawFormat, rawFileAt } from './discover.ts';
export { type DocumentFormat, readDocument } from './document.ts';
export { type RefusalCode, RefusedFile, StillGrowing, UnreadableFolder } from './errors.ts';
export { type IdentifyOptions, type Identity, identify, isUnchanged } from './identify.ts';
export { readJson } from './json.ts';
export { type JsonOptions, type JsonRead, readJsonLines } from './json-lines.ts';
export type { JsonColumn } from './json-shape.ts';
export { isBlank } from './lines.ts';
export type { ColumnFault, FaultCode, RecordSink } from './record.ts';
export { readXml } from './xml.ts';
export type { XmlColumn } from './xml-shape.ts';
