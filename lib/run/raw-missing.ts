/** A file whose rows are in the lake is gone from the raw zone, or refused by now, so its table cannot be made anew. */
export class RawMissingError extends Error {
  /** @param files where they stood, and why they are refused where they still stand. */
  constructor(table: string, files: readonly { readonly path: string; readonly refused: string | null }[]) {
    const list = files.slice(0, 5).map(({ path, refused }) => (refused === null ? path : `${path} (${refused})`));
    const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
    const [what, next] = files.some((file) => file.refused === null)
      ? [
          'are no longer in the raw zone',
          'bring them back (by any name) and run again, or make a new lake of what is left',
        ]
      : [
          'are refused by its contract as it is now',
          'change the contract, for example make a new column nullable, or mend the files',
        ];
    super(`${table} cannot be made anew: its rows come from files that ${what}: ${list.join(', ')}${more}; ${next}`);
    this.name = 'RawMissingError';
  }
}
