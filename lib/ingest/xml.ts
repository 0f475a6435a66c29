import { createReadStream } from 'node:fs';
import { SaxesParser, type XMLDecl } from 'saxes';
import type { RecordsIn } from '../contract/index.ts';
import { RefusedFile, reason } from './errors.ts';
import type { JsonOptions, JsonRead } from './json-lines.ts';
import { MAX_RECORD_BYTES, type RecordSink } from './record.ts';
import { XmlRecords } from './xml-records.ts';
import type { XmlColumn } from './xml-shape.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads an XML file, strictly (XML 1.0 with namespaces, UTF-8) and as a stream: memory holds one record at a time.
 * A document type is refused before anything of it is looked at, so there is no entity to expand or to fetch.
 * The sink hears of records while the file is read: when it is refused after all, they are void.
 * @throws RefusedFile when the file is not well-formed or not a document of this dataset.
 */
export async function readXml(
  path: string,
  columns: readonly XmlColumn[],
  { record, namespace }: Extract<RecordsIn, { kind: 'xml' }>,
  options: Pick<JsonOptions, 'path' | 'maxRecordBytes' | 'chunkBytes'>,
  sink: RecordSink,
): Promise<JsonRead> {
  const name = options.path ?? path;
  const reader = new XmlReader(name, options.maxRecordBytes ?? MAX_RECORD_BYTES, {
    path: name,
    record,
    namespace,
    columns,
    sink,
  });
  for await (const chunk of createReadStream(path, { highWaterMark: options.chunkBytes ?? CHUNK_BYTES })) {
    reader.take(chunk);
  }
  return reader.finish();
}

class XmlReader {
  readonly #name: string;
  readonly #maxBytes: number;
  readonly #records: XmlRecords;
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #bytes = 0;
  /** How many bytes were read when the parser last told of a tag: what came since is held by it. */
  #heard = 0;
  #recordFrom = 0;

  constructor(name: string, maxBytes: number, target: ConstructorParameters<typeof XmlRecords>[0]) {
    this.#name = name;
    this.#maxBytes = maxBytes;
    this.#records = new XmlRecords(target);
    const records = this.#records;
    const parser = this.#parser;
    // Six handlers: with a seventh the engine stores the parser as a dictionary, and reading takes three times as long.
    parser.on('doctype', () => {
      throw this.#refused('doctype', DOCTYPE);
    });
    parser.on('error', (error) => {
      throw this.#refused('invalid_xml', `not well-formed: ${reason(error)}`);
    });
    parser.on('text', (text) => records.text(text));
    parser.on('cdata', (text) => records.text(text));
    parser.on('opentag', (tag) => {
      this.#heard = this.#bytes;
      if (!records.inRecord) this.#recordFrom = this.#bytes;
      records.begin(tag);
    });
    parser.on('closetag', () => {
      this.#heard = this.#bytes;
      records.end();
    });
  }

  take(chunk: Buffer): void {
    this.#parser.write(this.#decode(chunk));
    this.#bytes += chunk.length;
    const { inRecord, records } = this.#records;
    if (this.#bytes - (inRecord ? this.#recordFrom : this.#heard) <= this.#maxBytes) return;
    const what = inRecord ? `record ${records + 1}` : 'what stands between two tags';
    throw this.#refused('too_large', `${what} takes more than ${this.#maxBytes} bytes`);
  }

  finish(): JsonRead {
    this.#parser.write(this.#decode());
    this.#expectDeclared(this.#parser.xmlDecl);
    this.#parser.close();
    this.#records.finish();
    return { records: this.#records.records, blanks: 0, extra: [...this.#records.extra] };
  }

  #decode(chunk?: Buffer): string {
    try {
      return this.#decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw new RefusedFile('not_utf8', this.#name, 'found bytes that are not UTF-8', error);
    }
  }

  #expectDeclared({ version = '1.0', encoding = 'UTF-8' }: XMLDecl): void {
    if (encoding.toUpperCase() !== 'UTF-8') {
      throw this.#refused('not_utf8', `the file says encoding="${encoding}", expected UTF-8; convert it with iconv`);
    }
    if (version !== '1.0') throw this.#refused('invalid_xml', `the file says XML ${version}, expected 1.0`);
  }

  #refused(code: 'doctype' | 'invalid_xml' | 'too_large' | 'not_utf8', detail: string): RefusedFile {
    return new RefusedFile(code, this.#name, detail);
  }
}

const DOCTYPE =
  'found a document type (<!DOCTYPE>), which may bring in entities; expected none: ask the sender to leave it out';
