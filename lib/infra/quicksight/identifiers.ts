/** A title as an identifier: `By month` is `by-month`. QuickSight knows visuals, sheets and controls by such. */
export const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** A title as the name of a parameter, which takes letters and digits only: `ByMonthRefundsFrom`. */
export const parameterName = (...titles: readonly string[]): string =>
  titles
    .flatMap((title) => slug(title).split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The identifier of a chart within its dashboard. */
export const visualId = (sheet: { readonly title: string }, chart: { readonly title: string }): string =>
  slug(`${sheet.title} ${chart.title}`);
