import { analysisFormat } from './analysis-format.ts';
import { csvFormat } from './csv-format.ts';
import { FileSink } from './file-sink.ts';
import { jsonFormat } from './json-format.ts';
import { logFormat } from './log-format.ts';
import { ParquetFile } from './parquet-file.ts';
import { BAD_BYTES, BAD_BYTES_MARK, type SampleFile, type Spoil, type TextFormat } from './text-format.ts';
import type { Cells, FileStyle, SampleColumn, SampleDataset } from './types.ts';
import { type XmlPlace, xmlFormat } from './xml-format.ts';

const FLUSH_CHARACTERS = 1 << 17;

/** A CSV, JSON, XML or log file. */
class TextFile implements SampleFile {
  private readonly format: TextFormat;
  private readonly sink: FileSink;
  private text: string;
  private readonly ready: Buffer[] = [];
  private badTurn = 0;

  constructor(path: string, format: TextFormat, gzip: boolean) {
    this.format = format;
    this.sink = new FileSink(path, gzip);
    this.text = format.head;
  }

  get full(): boolean {
    return this.text.length > FLUSH_CHARACTERS;
  }

  add(cells: Cells, serial: number): void {
    this.text += this.format.row(cells, serial);
  }

  plant(cells: Cells, spoil: Spoil | null): void {
    const [before = '', after] = this.format.spoiled(cells, spoil).split(BAD_BYTES_MARK);
    this.text += before;
    if (after === undefined) return;
    this.ready.push(Buffer.from(this.text), BAD_BYTES[this.badTurn++ % BAD_BYTES.length] ?? Buffer.of(0xff));
    this.text = after;
  }

  async flush(): Promise<void> {
    const bytes = Buffer.from(this.text);
    const all = this.ready.length === 0 ? bytes : Buffer.concat([...this.ready, bytes]);
    this.ready.length = 0;
    this.text = '';
    await this.sink.write(all);
  }

  async close(): Promise<void> {
    this.text += this.format.tail;
    await this.flush();
    await this.sink.close();
  }
}

/** Opens a file of the sample; `label` makes Parquet files with equal records differ in their bytes. */
export function openFile(
  path: string,
  { columns, xml }: Pick<SampleDataset, 'columns' | 'xml'>,
  style: FileStyle,
  label: string,
): SampleFile {
  if (style.format === 'parquet') return new ParquetFile(path, columns, style, label);
  return new TextFile(path, textFormat(columns, style, xml), style.gzip ?? false);
}

function textFormat(columns: readonly SampleColumn[], style: FileStyle, xml: XmlPlace | undefined): TextFormat {
  switch (style.format) {
    case 'csv':
      return csvFormat(columns, style);
    case 'xml':
      if (xml === undefined) throw new RangeError('a dataset with XML files says where its records stand');
      return xmlFormat(columns, style, xml);
    case 'log':
      return logFormat(columns, style);
    case 'textract':
    case 'rekognition':
      return analysisFormat(columns, style, style.format);
    default:
      return jsonFormat(columns, style);
  }
}
