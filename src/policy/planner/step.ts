import type { ColumnTest, Operand, Probe } from './analyse.ts';
import type { Dictionary } from './dictionary.ts';
import type { PatternColumn } from './pattern-column.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';
import type { ReachCache } from './reach-cache.ts';

export interface StepParts {
  readonly values: Dictionary;
  readonly cacheOf: (role: string) => ReachCache;
  /** How many rows have each value; of a column with patterns. */
  readonly uses: readonly number[];
  readonly patternsOf: (language: PatternLanguage) => PatternColumn;
}

type Find = (request: readonly unknown[]) => readonly number[];

/** One level of the index: which values of its column go with a request. */
export class Step {
  /** What there is to it, where it is one probe. */
  readonly only: Probe | null;
  readonly values: Dictionary;
  /** Whom somebody counts as, where the one probe is a role. */
  readonly cache: ReachCache | null;
  readonly #finds: readonly Find[];

  constructor({ probes }: ColumnTest, { values, cacheOf, uses, patternsOf }: StepParts) {
    const [first = null] = probes;
    this.only = probes.length === 1 ? first : null;
    this.values = values;
    this.cache = this.only?.kind === 'role' ? cacheOf(this.only.role) : null;
    this.#finds = probes.map((probe): Find => {
      switch (probe.kind) {
        case 'equals':
          return (request) => {
            const id = values.find(textOf(probe.operand, request));
            return id === undefined ? none : [id];
          };
        case 'role': {
          const cache = cacheOf(probe.role);
          const { member, domain } = probe;
          return domain === null
            ? (request) => cache.find(textOf(member, request), null).ids
            : (request) => cache.find(textOf(member, request), textOf(domain, request)).ids;
        }
        case 'pattern': {
          const patterns = patternsOf(probe.language);
          return (request) => patterns.find(textOf(probe.text, request), uses);
        }
      }
    });
  }

  /** The numbers of all of them, ascending. */
  find(request: readonly unknown[]): readonly number[] {
    const [first, ...others] = this.#finds;
    if (first === undefined) return none;
    const found = first(request);
    if (others.length === 0) return found;
    const all = new Set(found);
    for (const find of others) for (const id of find(request)) all.add(id);
    return [...all].sort((a, b) => a - b);
  }
}

const none: readonly number[] = [];

/** Whoever asks has made sure that they are strings. */
const textOf = (operand: Operand, request: readonly unknown[]): string =>
  operand.kind === 'constant' ? operand.value : (request[operand.place] as string);
