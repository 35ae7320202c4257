export type Facts = Readonly<Record<string, unknown>>;

type DeclaredFacts = Readonly<Record<string, (object: unknown) => unknown>>;

/**
 * Declared facts of the objects of one operation. Fields of one object are asked one after the other, so the last object of
 * each type is remembered: facts are pure, and those of an object that comes again are computed again.
 */
export class FactsOfObjects {
  readonly #tell: (fact: string, error: unknown) => void;
  readonly #failed = new Set<string>();
  readonly #last = new Map<string, { object: object; facts: Facts }>();

  /** `tell` is called once for each fact that could not be computed: a list has many rows. */
  constructor(tell: (fact: string, error: unknown) => void) {
    this.#tell = tell;
  }

  of(type: string, declared: DeclaredFacts, object: unknown): Facts {
    if (typeof object !== 'object' || object === null) return this.#compute(type, declared, object);
    const last = this.#last.get(type);
    if (last?.object === object) return last.facts;
    const facts = this.#compute(type, declared, object);
    if (last === undefined) this.#last.set(type, { object, facts });
    else {
      last.object = object;
      last.facts = facts;
    }
    return facts;
  }

  #compute(type: string, declared: DeclaredFacts, object: unknown): Facts {
    const facts: Record<string, unknown> = {};
    for (const name of Object.keys(declared)) {
      try {
        facts[name] = checkFact(declared[name]?.(object));
      } catch (error) {
        const fact = `${type}.${name}`;
        if (!this.#failed.has(fact)) this.#tell(fact, error);
        this.#failed.add(fact);
      }
    }
    return facts;
  }
}

/** A promise compares with nothing, and its rejection would be nobody's. */
function checkFact(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  throw new TypeError('A fact is a promise: facts are synchronous.');
}
