import type { Enforcer as Stock } from 'casbin';
import type { Enforcer, PolicySource } from '../../../../src/policy/library.ts';
import type { Open } from '../compare-case.ts';
import { openStock } from '../open-stock.ts';
import { outcomeOf } from '../outcome.ts';

/** What a mutation gets wrong: before the policy is read, in the opened casbin, or in an answer. */
export interface Mutation {
  readonly name: string;
  readonly lines?: (lines: readonly string[]) => readonly string[];
  readonly opened?: (stock: Stock) => void;
  /** What it answers where stock casbin throws. */
  readonly thrown?: boolean;
  readonly answer?: (answer: boolean, request: readonly unknown[], text: string) => boolean;
}

const textOf = (source: PolicySource): string => {
  if (typeof source === 'string') throw new Error('The comparison gives texts.');
  return source.text;
};

/** Stock casbin behind the face of ours, with a mistake in it. */
export const openWrong =
  ({ lines = (same) => same, opened, thrown, answer = (same) => same }: Mutation): Open =>
  async (model, policy, options): Promise<Enforcer> => {
    const sources = (Array.isArray(policy) ? policy : [policy]) as readonly PolicySource[];
    const text = sources.map(textOf).join('');
    const stock = await openStock({
      kind: 'wrong',
      model: textOf(model),
      rows: lines(text.split('\n').slice(0, -1)).map((line) => ({ text: line, columns: [] })),
      lineEnd: '\n',
      files: 1,
      functions: (options?.functions ?? {}) as Readonly<Record<string, (...values: unknown[]) => unknown>>,
      requests: [],
    });
    opened?.(stock);
    const explain = (...request: unknown[]): [boolean, string[]] => {
      const outcome = outcomeOf(() => stock.enforceExSync(...request));
      if (!outcome.threw) return [answer(outcome.answer[0], request, text), outcome.answer[1]];
      if (thrown === undefined) throw outcome.error;
      return [thrown, []];
    };
    const decide = (...request: unknown[]): boolean => explain(...request)[0];
    return {
      plan: { kind: 'planned' },
      cache: { hits: 0, misses: 0 },
      with() {
        throw new Error('It is never changed.');
      },
      enforceSync: decide,
      enforceExSync: explain,
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws rejects
      enforce: async (...request) => decide(...request),
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws rejects
      enforceEx: async (...request) => explain(...request),
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws rejects
      batchEnforce: async (requests) => requests.map((request) => decide(...request)),
    };
  };
