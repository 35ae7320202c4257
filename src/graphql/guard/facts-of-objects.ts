export type Facts = Readonly<Record<string, unknown>>;

/** The declared facts of one type. */
export interface TypeFacts {
  readonly type: string;
  /** Its place among the types that declare facts. */
  readonly place: number;
  readonly declared: readonly (readonly [name: string, compute: (object: unknown) => unknown])[];
}

/** What modules declare, by type. */
export const listFacts = (
  facts: Readonly<Record<string, Readonly<Record<string, (object: unknown) => unknown>>>>,
): ReadonlyMap<string, TypeFacts> =>
  new Map(
    Object.entries(facts).map(([type, declared], place) => [
      type,
      { type, place, declared: Object.entries(declared) },
    ]),
  );

/**
 * Declared facts of the objects of one operation. Fields of one object are asked one after the other, so the last object of
 * each type is remembered: facts are pure, and those of an object that comes again are computed again.
 */
export class FactsOfObjects {
  readonly #tell: (fact: string, error: unknown) => void;
  readonly #last: ({ object: object; facts: Facts } | undefined)[] = [];
  #failed: Set<string> | null = null;

  /** `tell` is called once for each fact that could not be computed: a list has many rows. */
  constructor(tell: (fact: string, error: unknown) => void) {
    this.#tell = tell;
  }

  of(ofType: TypeFacts, object: unknown): Facts {
    if (typeof object !== 'object' || object === null) return this.#compute(ofType, object);
    const last = this.#last[ofType.place];
    if (last?.object === object) return last.facts;
    const facts = this.#compute(ofType, object);
    if (last === undefined) this.#last[ofType.place] = { object, facts };
    else {
      last.object = object;
      last.facts = facts;
    }
    return facts;
  }

  #compute({ type, declared }: TypeFacts, object: unknown): Facts {
    const facts: Record<string, unknown> = {};
    for (const [name, compute] of declared) {
      try {
        facts[name] = checkFact(compute(object));
      } catch (error) {
        this.#tellOnce(`${type}.${name}`, error);
      }
    }
    return facts;
  }

  #tellOnce(fact: string, error: unknown): void {
    this.#failed ??= new Set();
    if (!this.#failed.has(fact)) this.#tell(fact, error);
    this.#failed.add(fact);
  }
}

/** A promise compares with nothing, and its rejection would be nobody's. */
function checkFact(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  throw new TypeError('A fact is a promise: facts are synchronous.');
}
