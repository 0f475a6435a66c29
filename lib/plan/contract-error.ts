/** A contract that types alone cannot refuse: a name that nothing has, a key that may be empty, a model that gives other columns. */
export class ContractError extends Error {
  readonly subject: string;
  readonly hint: string;

  /** @param subject the table or product at fault. @param hint what to do about it. */
  constructor(subject: string, problem: string, hint: string) {
    super(`${subject}: ${problem}; ${hint}`);
    this.name = 'ContractError';
    this.subject = subject;
    this.hint = hint;
  }
}
