/** Merchants whose names a CSV file need not quote; text beyond ASCII on purpose. */
export const PLAIN_MERCHANTS: readonly string[] = [
  'Corner Shop',
  'Bäckerei Müller',
  'Café São João',
  '東京書店',
  "O'Neill Hardware",
  'Ωmega Optics',
  'Fahrrad Größl',
  'Łódź Textil',
  'کتابخانه',
  'Book & Bean',
  'Пекарня',
  'Crème de la Crème',
  '🌵 Cactus Records',
  'Señor Taco',
  'Smörgås AB',
  'Nº 5 Perfumes',
];

/** All merchants, those with commas and quotes too. */
export const MERCHANTS: readonly string[] = [
  'Soap, Suds & Co',
  ...PLAIN_MERCHANTS,
  'The "Corner" Shop',
  'Müller, Söhne & Cie',
  'Żabka, "Nr. 7"',
];

/** What stands in the column `note` of files that have one. */
export const NOTES: readonly string[] = [
  '',
  'gift',
  'left next door, no. 7',
  'said "thank you"',
  'two\nlines',
  'naïve 🙂',
];

/** Words of product names. */
export const ADJECTIVES: readonly string[] = ['Small', 'Grand', 'Rote', 'Élégant', 'Quiet', 'Sharp', 'Weiße', 'Swift'];
/** Words of product names; some must be quoted in CSV. */
export const THINGS: readonly string[] = [
  'Kettle',
  'Lampe',
  'Bicycle',
  'Chair, folding',
  '15" Screen',
  'Teekanne',
  'Coat',
];
/** Product categories. */
export const CATEGORIES: readonly string[] = [
  'Kitchen',
  'Light',
  'Outdoor',
  'Furniture',
  'Electronics',
  'Möbel & Deko',
  'Fashion',
];
/** First names. */
export const FIRST_NAMES: readonly string[] = [
  'Ann',
  'José',
  'Zoë',
  'Łukasz',
  '美咲',
  'Björn',
  'Siobhán',
  'Ömer',
  'Ivy',
  'Noor',
];
/** Family names. */
export const LAST_NAMES: readonly string[] = [
  "O'Neil",
  'García',
  'Müller',
  'Nowak',
  '佐藤',
  'Lindqvist',
  'Van den Berg',
  'Doğan',
];
/** Postal codes of several countries, leading zeros included. */
export const POSTAL_CODES: readonly string[] = [
  '01067',
  '1010',
  'SW1A 1AA',
  '00-001',
  '10115',
  '02139',
  '7800-123',
  '100-0001',
];
/** Countries of merchants. */
export const COUNTRIES: readonly string[] = ['DE', 'FR', 'GB', 'PL', 'JP', 'US', 'BR', 'NG'];
/** What holders of cards dispute when no thief was at work. */
export const CHARGEBACK_REASONS: readonly string[] = ['not_received', 'duplicate', 'other'];
/** Pages of the shop. */
export const PAGES: readonly string[] = [
  '/',
  '/search?q=shoes',
  '/product/17',
  '/product/42',
  '/product/4711',
  '/basket',
  '/checkout',
  '/caf%C3%A9',
];
/** Programs that ask a web server. */
export const AGENTS: readonly string[] = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)',
  'curl/8.5.0',
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
];
