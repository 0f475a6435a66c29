/** One thing in a SQL text that would not mean the same on every engine, or not be read at all. */
export interface Finding {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** Stable name of the rule, kebab-case. */
  readonly code: string;
  /** What was found, against what is expected. */
  readonly message: string;
  /** The portable spelling, or the next step. */
  readonly suggestion: string;
}

/** What a rule says before the file and the position are known. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
}

/** A finding whose place is still an offset into the text. */
export interface PlacedComplaint extends Complaint {
  readonly at: number;
}

/** A SQL text that cannot be used: it does not parse, or names what does not exist. */
export class SqlError extends Error implements Finding {
  override readonly name = 'SqlError';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly suggestion: string;
  readonly found: string;

  constructor(finding: Finding) {
    super(formatFinding(finding));
    this.file = finding.file;
    this.line = finding.line;
    this.column = finding.column;
    this.code = finding.code;
    this.found = finding.message;
    this.suggestion = finding.suggestion;
  }
}

/** `sql/mart/x.sql:3:14 function: … found. Use …`: one line for people. */
export const formatFinding = (finding: Finding): string =>
  `${finding.file}:${finding.line}:${finding.column} ${finding.code}: ${finding.message} ${finding.suggestion}`.trim();

/** Gives a complaint its file, line and column. */
export function place(text: string, file: string, complaint: PlacedComplaint): Finding {
  const before = text.slice(0, complaint.at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const { code, message, suggestion } = complaint;
  return { file, line, column: complaint.at - lineStart + 1, code, message, suggestion };
}

/** The error for a complaint at an offset. */
export const sqlError = (text: string, file: string, complaint: PlacedComplaint): SqlError =>
  new SqlError(place(text, file, complaint));
