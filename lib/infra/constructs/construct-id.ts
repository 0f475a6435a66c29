/** A name as the id of a construct: `base.purchase` is `BasePurchase`. */
export const constructId = (name: string): string =>
  name.replaceAll(/(?:^|[._-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
