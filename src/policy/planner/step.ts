import type { ColumnTest, Operand, Probe } from './analyse.ts';
import type { Dictionary } from './dictionary.ts';
import type { PatternColumn } from './pattern-column.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';
import { ReachCache, type Closures } from './reach-cache.ts';

export interface StepParts {
  readonly values: Dictionary;
  /** Where an operand stands among what is read of a request. */
  readonly placeOf: (operand: Operand) => number;
  readonly closuresOf: (role: string) => Closures;
  /** How many rows have each value; of a column with patterns. */
  readonly uses: readonly number[];
  readonly patternsOf: (language: PatternLanguage) => PatternColumn;
}

type Find = (read: readonly string[]) => readonly number[];

/** One level of the index: which values of its column go with a request. */
export class Step {
  /** What there is to it, where it is one probe. */
  readonly only: Probe | null;
  readonly values: Dictionary;
  /** Whom somebody counts as, where the one probe is a role and it is remembered. */
  readonly cache: ReachCache | null;
  readonly #finds: readonly Find[];

  constructor({ probes }: ColumnTest, { values, placeOf, closuresOf, uses, patternsOf }: StepParts) {
    const [first = null] = probes;
    this.only = probes.length === 1 ? first : null;
    this.values = values;
    const closures = this.only?.kind === 'role' ? closuresOf(this.only.role) : null;
    this.cache = closures instanceof ReachCache ? closures : null;
    this.#finds = probes.map((probe): Find => {
      switch (probe.kind) {
        case 'equals': {
          const place = placeOf(probe.operand);
          return (read) => {
            const id = values.find(read[place] ?? '');
            return id === undefined ? none : [id];
          };
        }
        case 'role': {
          const closures = closuresOf(probe.role);
          const member = placeOf(probe.member);
          const domain = probe.domain === null ? null : placeOf(probe.domain);
          return (read) => closures.idsOf(read[member] ?? '', domain === null ? null : (read[domain] ?? ''));
        }
        case 'pattern': {
          const patterns = patternsOf(probe.language);
          const place = placeOf(probe.text);
          return (read) => patterns.find(read[place] ?? '', uses);
        }
      }
    });
  }

  /** The numbers of all of them, ascending. */
  find(read: readonly string[]): readonly number[] {
    const [first] = this.#finds;
    if (first === undefined) return none;
    const found = first(read);
    if (this.#finds.length === 1) return found;
    const all = new Set(found);
    for (const find of this.#finds.slice(1)) for (const id of find(read)) all.add(id);
    return [...all].sort((a, b) => a - b);
  }
}

const none: readonly number[] = [];
