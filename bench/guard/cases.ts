import { conditionalQuery, deniedQuery, plainQuery } from './parcels.ts';

/** What is compared: `source` on the side in question with `baseline` on the side that it is held against. */
export interface Case {
  readonly name: string;
  readonly rows: number;
  readonly source: string;
  /** Fields of it that the policy denies. */
  readonly denied: readonly string[];
  /** `unguarded`: the same document without a guard. `guarded`: another document, guarded too. */
  readonly against: { readonly side: 'unguarded' | 'guarded'; readonly source: string };
  /** The least throughput of the baseline that must be kept. */
  readonly bar: number;
}

/** The A/A ratio of every row must lie within these, or nothing of the run counts. */
export const trusted = { least: 0.98, most: 1.02 } as const;

const sizes = [1, 100, 1_000];
const many = (rows: number): string => (rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`);

export const cases: readonly Case[] = [
  ...sizes.map((rows) => ({
    name: many(rows),
    rows,
    source: plainQuery(rows),
    denied: [],
    against: { side: 'unguarded', source: plainQuery(rows) } as const,
    bar: 0.95,
  })),
  ...sizes.map((rows) => ({
    name: `${many(rows)}, one field of each under a condition`,
    rows,
    source: conditionalQuery(rows),
    denied: [],
    against: { side: 'unguarded', source: conditionalQuery(rows) } as const,
    bar: 0.85,
  })),
  {
    name: '1,000 rows with a denied column, against without it',
    rows: 1_000,
    source: deniedQuery(1_000),
    denied: ['price'],
    against: { side: 'guarded', source: plainQuery(1_000) },
    bar: trusted.least,
  },
];
