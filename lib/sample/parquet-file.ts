import { fileWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { ColumnType } from '../contract/index.ts';
import type { SampleFile, Spoil } from './text-format.ts';
import type { Cell, Cells, FileStyle, SampleColumn } from './types.ts';

const GROUP_ROWS = 50_000;
type Value = string | number | bigint | boolean | null;

/** How a type is stored: money as a scaled 64-bit integer, moments in microseconds without zone, days as days since 1970. */
function element(name: string, type: ColumnType): SchemaElement {
  const common = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type.kind) {
    case 'integer':
      return { ...common, type: 'INT64' };
    case 'decimal':
      return { ...common, type: 'INT64', converted_type: 'DECIMAL', precision: type.precision, scale: type.scale };
    case 'date':
      return { ...common, type: 'INT32', converted_type: 'DATE' };
    case 'instant':
      return {
        ...common,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
      };
    case 'boolean':
      return { ...common, type: 'BOOLEAN' };
    case 'text':
      return { ...common, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  }
}

function stored(cell: Cell, kind: ColumnType['kind']): Value {
  if (cell === null) return null;
  switch (kind) {
    case 'integer':
      return BigInt(cell);
    case 'decimal':
      return BigInt(cell.replace('.', ''));
    case 'date':
      return Date.parse(cell) / 86_400_000;
    case 'instant':
      return BigInt(Date.parse(`${cell.replace(' ', 'T')}Z`)) * 1000n;
    case 'boolean':
      return cell === 'true';
    case 'text':
      return cell;
  }
}

/** A Parquet file, typed as the contract is (or all text, when its style says so), written in row groups. */
export class ParquetFile implements SampleFile {
  private readonly names: readonly string[];
  private readonly kinds: readonly ColumnType['kind'][];
  private readonly order: readonly number[];
  private readonly writer: ParquetWriter;
  private columns: Value[][];
  private rows = 0;

  constructor(path: string, columns: readonly SampleColumn[], style: FileStyle, label: string) {
    const types = columns.map(({ type }): ColumnType => (style.text ? { kind: 'text' } : type));
    this.names = columns.map(({ name }) => name);
    this.kinds = types.map(({ kind }) => kind);
    this.order = columns.map((_, place) => (place + (style.turn ?? 0)) % columns.length);
    this.columns = columns.map(() => []);
    const fields = this.order.map((at) => element(this.names[at] ?? '', types[at] ?? { kind: 'text' }));
    this.writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: [{ name: 'record', num_children: fields.length }, ...fields],
      createdBy: 'commerce-lakehouse sample',
      kvMetadata: [{ key: 'sample_file', value: label }],
    });
  }

  get full(): boolean {
    return this.rows >= GROUP_ROWS;
  }

  add(cells: Cells): void {
    for (let at = 0; at < this.kinds.length; at++) {
      this.columns[at]?.push(stored(cells[at] ?? null, this.kinds[at] ?? 'text'));
    }
    this.rows++;
  }

  plant(cells: Cells, spoil: Spoil | null): void {
    const changed = [...cells];
    if (spoil?.how === 'value') changed[spoil.column] = spoil.text;
    this.add(changed);
  }

  async flush(): Promise<void> {
    const columnData = this.order.map((at) => ({ name: this.names[at] ?? '', data: this.columns[at] ?? [] }));
    await this.writer.write({ columnData, rowGroupSize: Math.max(1, this.rows) });
    this.columns = this.columns.map(() => []);
    this.rows = 0;
  }

  async close(): Promise<void> {
    if (this.rows > 0) await this.flush();
    await this.writer.finish();
  }
}
