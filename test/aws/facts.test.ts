import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MissingSettingsError, parseRawKey, rawDay, readSettings, SETTINGS } from '../../lib/aws/index.ts';

describe('settings of Lambdas', () => {
  it('are declared for exactly the folders of lambdas/', () => {
    const folders = readdirSync(new URL('../../lambdas', import.meta.url)).filter((name) => name !== 'shared');
    expect(Object.keys(SETTINGS).sort()).toEqual(folders.sort());
  });

  it('are read by name, and all that are missing or empty are named at once', () => {
    expect(readSettings('sense-sources', { ENVIRONMENT: 'dev', RAW_BUCKET: 'raw', OTHER: 'x' })).toEqual({
      ENVIRONMENT: 'dev',
      RAW_BUCKET: 'raw',
    });
    const read = () => readSettings('sense-sources', { RAW_BUCKET: '' });
    expect(read).toThrow(MissingSettingsError);
    expect(read).toThrow(/sense-sources: .* ENVIRONMENT, RAW_BUCKET;/);
  });
});

describe('keys of the raw bucket', () => {
  it('give back what they were made of', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(word, day, word, (dataset, when, file) => {
        const date = when.toISOString().slice(0, 10);
        const key = `${rawDay(dataset, date)}${file}.csv`;
        expect(parseRawKey(key)).toEqual({ dataset, date, path: `${dataset}/dt=${date}/${file}.csv` });
      }),
    );
  });

  it.each([
    'raw/orders/part.csv',
    'orders/dt=2026-01-01/a.csv',
    'raw/orders/dt=2026-01-01/',
    'raw/_x/dt=2026-01-01/a.csv',
  ])('refuse what is no file of the layout: %s', (key) => expect(parseRawKey(key)).toBeNull());
});
